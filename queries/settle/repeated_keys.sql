-- repeated_keys: one row per hash of terminal keys that more than one inventory row has.
-- reads:  row_keys (one row per inventory row in force)
select key_hash
from row_keys
group by key_hash
having count(*) > 1
