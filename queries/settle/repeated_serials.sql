-- repeated_serials: one row per hash of serial numbers that more than one inventory row has.
-- reads:  row_keys (one row per inventory row in force)
select serial_hash
from row_keys
where serial_hash is not null
group by serial_hash
having count(*) > 1
