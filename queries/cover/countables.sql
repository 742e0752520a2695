-- countables: one row per thing to count at every level: a cell of terminals, a terminal of a shared
--             device, a cell of a merchant that spans several, a cell of merchants that do not.
-- reads:  cells, members (one row per terminal), merchant_cells, spanning_merchants
-- not for: adding up; kinds overlap, and a device or merchant is here once a cell
with

merchants as (
    select
        merchant_cells.*,
        spanning_merchants.merchant_id is not null as is_spanning
    from merchant_cells
    left join spanning_merchants
        on merchant_cells.acquirer_id = spanning_merchants.acquirer_id
        and merchant_cells.merchant_id = spanning_merchants.merchant_id
)

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
union all
select
    'merchant' as kind,
    acquirer_id || '|' || merchant_id as entity,
    region,
    acquirer_id,
    brand,
    category,
    vendor,
    model,
    device_type,
    membership,
    states,
    false as is_carried,
    false as is_shared_device,
    1 as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from merchants
where is_spanning
union all
select
    'merchant_alone' as kind,
    cast(null as varchar) as entity,
    region,
    acquirer_id,
    brand,
    category,
    vendor,
    model,
    device_type,
    membership,
    states,
    false as is_carried,
    false as is_shared_device,
    count(*) as amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from merchants
where not is_spanning
group by
    region,
    acquirer_id,
    brand,
    category,
    vendor,
    model,
    device_type,
    membership,
    states
