-- duplicate_keys: one row per terminal key that stands on more than one inventory row.
-- reads:  row_keys (one row per inventory row in force)
select
    acquirer_id,
    terminal_id,
    key_merchant_id
from row_keys
group by
    acquirer_id,
    terminal_id,
    key_merchant_id
having count(*) > 1
