-- duplicate_rows: one row per inventory row whose terminal key stands on more than one.
-- reads:  row_keys (one row per inventory row in force), duplicate_keys (one row per such key)
select
    row_keys.delivery,
    row_keys.source_line
from row_keys
inner join duplicate_keys
    on row_keys.acquirer_id = duplicate_keys.acquirer_id
    and row_keys.terminal_id = duplicate_keys.terminal_id
    and row_keys.key_merchant_id = duplicate_keys.key_merchant_id
