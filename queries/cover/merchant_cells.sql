-- merchant_cells: one row per merchant and combination of dimensions: the union of the states of its
--                 terminals there.
-- reads:  merchant_members (one row per terminal of the merchants at hand; no dimension is null)
select
    acquirer_id,
    merchant_id,
    region,
    brand,
    category,
    vendor,
    model,
    device_type,
    bitwise_or_agg(state) as states
from merchant_members
group by
    acquirer_id,
    merchant_id,
    region,
    brand,
    category,
    vendor,
    model,
    device_type
