-- countable_terminals: one row per cell of terminals, and one per terminal of a shared device and
--                      family of levels; columns of the other family are null.
-- reads:  cells (one row per finest grain), members (one row per terminal)
-- not for: adding up; the terminals of shared devices are in the cells as well
select
    'terminal' as kind,
    cast(null as varchar) as entity,
    region,
    acquirer_id,
    brand,
    category,
    vendor,
    model,
    device_type,
    membership,
    state as states,
    is_carried,
    is_shared_device,
    terminal_count as amount,
    merchant_none_count,
    transaction_count,
    contactless_transaction_count
from cells
union all
select
    'device' as kind,
    vendor || '|' || serial_number as entity,
    region,
    acquirer_id,
    brand,
    cast(null as varchar) as category,
    cast(null as varchar) as vendor,
    cast(null as varchar) as model,
    cast(null as varchar) as device_type,
    membership,
    state as states,
    is_carried,
    is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from members
where is_shared_device
union all
select
    'device' as kind,
    vendor || '|' || serial_number as entity,
    cast(null as varchar) as region,
    cast(null as varchar) as acquirer_id,
    cast(null as varchar) as brand,
    category,
    vendor,
    model,
    device_type,
    membership,
    state as states,
    is_carried,
    is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from members
where is_shared_device
