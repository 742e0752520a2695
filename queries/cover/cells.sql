-- cells: counts of terminals at the finest grain that the levels need: one row per region,
--        acquirer and brand (device columns null), and one row per category, vendor, model and
--        device type (place columns null), each by membership, state, whether carried, whether
--        its device is shared.
-- reads:  members (one row per terminal that some population may count; no dimension is null)
select
    region,
    acquirer_id,
    brand,
    category,
    vendor,
    model,
    device_type,
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
    (region, acquirer_id, brand, membership, state, is_carried, is_shared_device),
    (category, vendor, model, device_type, membership, state, is_carried, is_shared_device)
)
