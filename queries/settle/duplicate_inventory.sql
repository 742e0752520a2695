-- duplicate_inventory: the inventory rows, whole, whose terminal key stands on more than one.
-- reads:  inventory (the rows in force), terms (one row per number), duplicate_keys (one row per
--         such key)
select inventory.*
from inventory
inner join terms
    on inventory.terms = terms.terms
inner join duplicate_keys
    on terms.acquirer_id = duplicate_keys.acquirer_id
    and inventory.terminal_id = duplicate_keys.terminal_id
    and case when terms.is_keyed_by_merchant then coalesce(inventory.merchant_id, '') else '' end
        = duplicate_keys.key_merchant_id
