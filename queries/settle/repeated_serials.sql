-- repeated_serials: one row per device serial number that stands on more than one inventory row.
-- reads:  row_keys (one row per inventory row in force)
select
    vendor,
    serial_number
from row_keys
where serial_number is not null
group by
    vendor,
    serial_number
having count(*) > 1
