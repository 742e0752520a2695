-- countable_merchants: one row per place or device and number of merchants that lie nowhere else
--                      (kind merchants, amount counts them), and one per place or device of a
--                      merchant that lies in several (kind merchant). Columns of the other family
--                      are null.
-- reads:  merchants (one row per merchant), merchant_cells (one row per merchant, place and
--         device), places, devices (one row per combination of dimensions)
with

single_places as (
    select
        acquirer_id,
        first_place as place,
        states,
        count(*) as amount
    from merchants
    where first_place = last_place
    group by
        acquirer_id,
        first_place,
        states
),

single_devices as (
    select
        first_device as device,
        states,
        count(*) as amount
    from merchants
    where first_device = last_device
    group by
        first_device,
        states
),

several_places as (
    select
        merchants.merchant,
        merchants.acquirer_id,
        merchant_cells.place,
        merchant_cells.states
    from merchant_cells
    inner join merchants
        on merchant_cells.acquirer_id = merchants.acquirer_id
        and merchant_cells.merchant_id = merchants.merchant_id
    where merchants.first_place <> merchants.last_place
),

several_devices as (
    select
        merchants.merchant,
        merchant_cells.device,
        merchant_cells.states
    from merchant_cells
    inner join merchants
        on merchant_cells.acquirer_id = merchants.acquirer_id
        and merchant_cells.merchant_id = merchants.merchant_id
    where merchants.first_device <> merchants.last_device
),

placed as (
    select
        'merchants' as kind,
        cast(null as bigint) as merchant,
        acquirer_id,
        place,
        states,
        amount
    from single_places
    union all
    select
        'merchant' as kind,
        merchant,
        acquirer_id,
        place,
        states,
        1 as amount
    from several_places
),

equipped as (
    select
        'merchants' as kind,
        cast(null as bigint) as merchant,
        device,
        states,
        amount
    from single_devices
    union all
    select
        'merchant' as kind,
        merchant,
        device,
        states,
        1 as amount
    from several_devices
),

countables as (
    select
        placed.kind,
        placed.merchant as entity,
        places.region,
        placed.acquirer_id,
        places.brand,
        places.category,
        cast(null as varchar) as vendor,
        cast(null as varchar) as model,
        cast(null as varchar) as device_type,
        placed.states,
        placed.amount
    from placed
    inner join places
        on placed.place = places.place
    union all
    select
        equipped.kind,
        equipped.merchant as entity,
        cast(null as varchar) as region,
        cast(null as varchar) as acquirer_id,
        cast(null as varchar) as brand,
        cast(null as varchar) as category,
        devices.vendor,
        devices.model,
        devices.device_type,
        equipped.states,
        equipped.amount
    from equipped
    inner join devices
        on equipped.device = devices.device
)

select
    kind,
    entity,
    region,
    acquirer_id,
    brand,
    category,
    vendor,
    model,
    device_type,
    -1 as membership,
    states,
    false as is_carried,
    false as is_shared_device,
    amount,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from countables
