-- countable_devices: one row per terminal of a shared device and family of levels; numbers of the
--                    other family are null.
-- reads:  shared_batch (one row per terminal of the shared devices at hand)
select
    'device' as kind,
    shared_device as owner,
    cast(null as varchar) as entity,
    region_number,
    acquirer_number,
    brand_number,
    cast(null as integer) as category_number,
    cast(null as integer) as device_number,
    membership,
    state as states,
    is_carried,
    true as is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from shared_batch
union all
select
    'device' as kind,
    shared_device as owner,
    cast(null as varchar) as entity,
    cast(null as integer) as region_number,
    cast(null as integer) as acquirer_number,
    cast(null as integer) as brand_number,
    category_number,
    device_number,
    membership,
    state as states,
    is_carried,
    true as is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from shared_batch
