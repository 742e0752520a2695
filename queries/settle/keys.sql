-- row_keys: one row per inventory row in force: its terminal key and its device, and nothing else.
-- reads:  inventory (the rows in force), deliveries (one row per inventory file in force),
--         resolved_acquirers (one row per distinct raw acquirer)
select
    inventory.delivery,
    inventory.source_line,
    resolved_acquirers.acquirer_id,
    inventory.terminal_id,
    case when deliveries.is_keyed_by_merchant then coalesce(inventory.merchant_id, '') else '' end
        as key_merchant_id,
    inventory.vendor,
    inventory.serial_number
from inventory
inner join deliveries
    on inventory.delivery = deliveries.delivery
left join resolved_acquirers
    on coalesce(inventory.acquirer_raw, deliveries.default_acquirer, '')
        = resolved_acquirers.acquirer_raw
