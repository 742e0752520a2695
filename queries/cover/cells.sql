-- cells: counts of terminals at the finest grain that the levels need: one row per region,
--        acquirer and brand (the other numbers null), and one row per category and device, each by
--        membership, state, whether carried, whether its device is shared.
-- reads:  members (one row per terminal that some population may count)
select
    region_number,
    acquirer_number,
    brand_number,
    category_number,
    device_number,
    membership,
    state,
    is_carried,
    is_shared_device,
    count(*) as terminal_count,
    count(*) filter (where merchant_id is null) as merchant_none_count,
    cast(sum(transaction_count) as bigint) as transaction_count,
    cast(sum(contactless_transaction_count) as bigint) as contactless_transaction_count
from members
group by grouping sets (
    (region_number, acquirer_number, brand_number, membership, state, is_carried, is_shared_device),
    (category_number, device_number, membership, state, is_carried, is_shared_device)
)
