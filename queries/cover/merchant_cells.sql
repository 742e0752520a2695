-- merchant_cells: one row per merchant, combination of dimensions and membership: the union of the
--                 states of its terminals there.
-- reads:  members (one row per terminal that some population may count; no dimension is null)
select
    acquirer_id,
    merchant_id,
    region,
    brand,
    category,
    vendor,
    model,
    device_type,
    membership,
    cast(bitwise_or_agg(state) as smallint) as states,
    count(*) as terminal_count
from members
where merchant_id is not null
group by
    acquirer_id,
    merchant_id,
    region,
    brand,
    category,
    vendor,
    model,
    device_type,
    membership
