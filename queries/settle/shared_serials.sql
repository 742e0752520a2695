-- shared_serials: one row per device serial number that stands on more than one terminal row.
-- reads:  judged_rows (one row per inventory row in force)
-- not for: counting devices; a row that a duplicate settles away is counted here as well
select
    vendor,
    serial_number,
    count(distinct acquirer_id || '/' || terminal_id || '/' || key_merchant_id) as terminal_count
from judged_rows
where serial_number is not null
group by
    vendor,
    serial_number
having count(*) > 1
