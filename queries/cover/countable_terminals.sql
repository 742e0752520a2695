-- countable_terminals: one row per cell of terminals, and one per terminal of a shared device and
--                      family of levels; numbers of the other family are null.
-- reads:  cells (one row per finest grain), members (one row per terminal), device_keys (one row
--         per device)
-- not for: adding up; the terminals of shared devices are in the cells as well
with

shared as (
    select
        members.*,
        device_keys.vendor as owner
    from members
    inner join device_keys
        on members.device_number = device_keys.device_number
    where members.is_shared_device
)

select
    'terminal' as kind,
    cast(null as integer) as owner,
    cast(null as varchar) as entity,
    region_number,
    acquirer_number,
    brand_number,
    category_number,
    device_number,
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
    owner,
    shared_serial_number as entity,
    region_number,
    acquirer_number,
    brand_number,
    cast(null as integer) as category_number,
    cast(null as integer) as device_number,
    membership,
    state as states,
    is_carried,
    is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from shared
union all
select
    'device' as kind,
    owner,
    shared_serial_number as entity,
    cast(null as integer) as region_number,
    cast(null as integer) as acquirer_number,
    cast(null as integer) as brand_number,
    category_number,
    device_number,
    membership,
    state as states,
    is_carried,
    is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from shared
