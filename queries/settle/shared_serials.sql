-- shared_serials: one row per device serial number that stands on more than one terminal.
-- reads:  row_keys (one row per inventory row in force), repeated_serials (one row per serial
--         number on more than one row)
with

terminals as (
    select
        row_keys.vendor,
        row_keys.serial_number,
        row_keys.acquirer_id,
        row_keys.terminal_id,
        row_keys.key_merchant_id
    from row_keys
    inner join repeated_serials
        on row_keys.vendor is not distinct from repeated_serials.vendor
        and row_keys.serial_number = repeated_serials.serial_number
    group by
        row_keys.vendor,
        row_keys.serial_number,
        row_keys.acquirer_id,
        row_keys.terminal_id,
        row_keys.key_merchant_id
)

select
    vendor,
    serial_number,
    count(*) as terminal_count
from terminals
group by
    vendor,
    serial_number
having count(*) > 1
