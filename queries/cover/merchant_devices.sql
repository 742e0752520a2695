-- merchant_devices: one row per key of a level of devices and union of states: the merchants of a
--                   batch that have it. The columns are those of merchant_counts.
-- reads:  merchant_batch (one row per terminal of the merchants at hand), level_devices (one row
--         per device: the level at hand, and the key it has there)
with

merged as (
    select
        level_devices.level_number,
        level_devices.key_number,
        bitwise_or_agg(merchant_batch.state) as states
    from merchant_batch
    inner join level_devices
        on merchant_batch.device_number = level_devices.device_number
    group by
        merchant_batch.acquirer_number,
        merchant_batch.merchant_id,
        level_devices.level_number,
        level_devices.key_number
)

select
    level_number,
    key_number,
    states,
    count(*) as merchant_count
from merged
group by
    level_number,
    key_number,
    states
