-- terminals_full: one row per terminal and snapshot, with the wide columns of the inventory row
--                 that its attributes come from.
-- reads:  terminals (one row per terminal and snapshot), snapshot_members (one row per snapshot and
--         inventory in force), inventory (one row per accepted row of an export)
-- not for: scans of a whole month; it joins as many inventory rows
select
    terminals.*,
    inventory.acquirer_raw,
    inventory.region_raw,
    inventory.region_scheme,
    inventory.serial_number,
    inventory.address,
    inventory.contactless_parameter,
    inventory.no_pin_flag,
    inventory.no_pin_parameter,
    inventory.mobile_contactless_transaction_count,
    inventory.entry_modes,
    inventory.updated_at
from terminals
inner join snapshot_members
    on terminals.snapshot_date = snapshot_members.snapshot_date
    and terminals.source = snapshot_members.source
    and terminals.export_id = snapshot_members.export_id
inner join inventory
    on snapshot_members.source = inventory.source
    and snapshot_members.export_id = inventory.export_id
    and snapshot_members.delivered_on = inventory.snapshot_date
    and terminals.source_line = inventory.source_line
