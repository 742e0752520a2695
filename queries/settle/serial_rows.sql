-- serial_rows: one row per inventory row whose serial number stands on another one too: its
--              device and its terminal key.
-- reads:  inventory (the rows in force), repeated_serials (one row per repeated text), terms,
--         devices (one row per number)
select
    inventory.delivery,
    inventory.source_line,
    devices.vendor,
    inventory.serial_number,
    terms.acquirer_id,
    inventory.terminal_id,
    case when terms.is_keyed_by_merchant then coalesce(inventory.merchant_id, '') else '' end
        as key_merchant_id
from inventory
inner join repeated_serials
    on inventory.serial_number = repeated_serials.serial_number
inner join terms
    on inventory.terms = terms.terms
inner join devices
    on inventory.device = devices.device
