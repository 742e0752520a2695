-- shared_rows: one row per inventory row whose device serial number stands on more than one
--              terminal.
-- reads:  serial_rows (one row per inventory row with a repeated serial number), shared_serials
--         (one row per device with several terminals)
select
    serial_rows.delivery,
    serial_rows.source_line,
    shared_serials.terminal_count
from serial_rows
inner join shared_serials
    on serial_rows.vendor is not distinct from shared_serials.vendor
    and serial_rows.serial_number = shared_serials.serial_number
