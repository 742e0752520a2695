-- repeated_serials: one row per text that stands on more than one inventory row as serial number.
-- reads:  inventory (the rows in force)
select serial_number
from inventory
where serial_number is not null
group by serial_number
having count(*) > 1
