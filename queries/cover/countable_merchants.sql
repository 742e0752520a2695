-- countable_merchants: one row per cell of merchants that lie in one cell (kind merchants, amount
--                      counts them), and one per place or device of a merchant that spans several
--                      (kind merchant). Columns of the other family of levels are null.
-- reads:  merchant_cells (one row per merchant and combination of dimensions), spanning_merchants
with

cells as (
    select
        merchant_cells.*,
        spanning_merchants.merchant_id is not null as is_spanning
    from merchant_cells
    left join spanning_merchants
        on merchant_cells.acquirer_id = spanning_merchants.acquirer_id
        and merchant_cells.merchant_id = spanning_merchants.merchant_id
),

places as (
    select
        acquirer_id,
        merchant_id,
        region,
        brand,
        category,
        bitwise_or_agg(states) as states
    from cells
    where is_spanning
    group by
        acquirer_id,
        merchant_id,
        region,
        brand,
        category
),

devices as (
    select
        acquirer_id,
        merchant_id,
        vendor,
        model,
        device_type,
        bitwise_or_agg(states) as states
    from cells
    where is_spanning
    group by
        acquirer_id,
        merchant_id,
        vendor,
        model,
        device_type
),

placed_merchants as (
    select
        acquirer_id,
        merchant_id,
        count(*) as place_count
    from places
    group by
        acquirer_id,
        merchant_id
),

countables as (
    select
        'merchants' as kind,
        cast(null as varchar) as entity,
        region,
        acquirer_id,
        brand,
        category,
        vendor,
        model,
        device_type,
        states,
        count(*) as amount
    from cells
    where not is_spanning
    group by grouping sets (
        (region, acquirer_id, brand, category, states),
        (vendor, model, device_type, states)
    )
    union all
    select
        case when placed_merchants.place_count = 1 then 'merchants' else 'merchant' end as kind,
        case when placed_merchants.place_count > 1 then places.merchant_id end as entity,
        places.region,
        places.acquirer_id,
        places.brand,
        places.category,
        cast(null as varchar) as vendor,
        cast(null as varchar) as model,
        cast(null as varchar) as device_type,
        places.states,
        1 as amount
    from places
    inner join placed_merchants
        on places.acquirer_id = placed_merchants.acquirer_id
        and places.merchant_id = placed_merchants.merchant_id
    union all
    select
        'merchant' as kind,
        acquirer_id || '|' || merchant_id as entity,
        cast(null as varchar) as region,
        cast(null as varchar) as acquirer_id,
        cast(null as varchar) as brand,
        cast(null as varchar) as category,
        vendor,
        model,
        device_type,
        states,
        1 as amount
    from devices
)

select
    kind,
    case when kind = 'merchant' and acquirer_id is not null then acquirer_id || '|' || entity else entity end
        as entity,
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
