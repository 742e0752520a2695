-- merchant_devices: one row per level of devices, key and union of states: the merchants of a batch
--                   that have it. The columns are those of merchant_counts.
-- reads:  merchant_batch (one row per terminal of the merchants at hand), device_keys (one row per
--         device), levels (one row per level)
with

equipped as (
    select
        merchant_batch.acquirer_number,
        merchant_batch.merchant_id,
        merchant_batch.state,
        device_keys.vendor,
        device_keys.model,
        device_keys.device_type
    from merchant_batch
    inner join device_keys
        on merchant_batch.device_number = device_keys.device_number
),

merged as (
    select
        vendor,
        model,
        device_type,
        bitwise_or_agg(state) as states
    from equipped
    group by grouping sets (
        (acquirer_number, merchant_id, vendor),
        (acquirer_number, merchant_id, model),
        (acquirer_number, merchant_id, device_type)
    )
),

counts as (
    select
        case
            when vendor is not null then 'vendor'
            when model is not null then 'model'
            else 'device_type'
        end as level,
        coalesce(vendor, model, device_type) as key_number,
        states,
        count(*) as merchant_count
    from merged
    group by
        vendor,
        model,
        device_type,
        states
)

select
    levels.level_number,
    counts.key_number,
    counts.states,
    counts.merchant_count
from counts
inner join levels
    on counts.level = levels.level
    and not levels.is_place
