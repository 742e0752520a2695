-- shared_serials: one row per device serial number that stands on more than one terminal.
-- reads:  serial_rows (one row per inventory row with a repeated serial number)
with

terminals as (
    select
        vendor,
        serial_number,
        acquirer_id,
        terminal_id,
        key_merchant_id
    from serial_rows
    group by
        vendor,
        serial_number,
        acquirer_id,
        terminal_id,
        key_merchant_id
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
