-- shared_serials: one row per device serial number that stands on more than one terminal.
-- reads:  judged_suspects (one row per inventory row that may have such a one)
with

terminals as (
    select
        vendor,
        serial_number,
        acquirer_id,
        terminal_id,
        key_merchant_id
    from judged_suspects
    where serial_number is not null
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
