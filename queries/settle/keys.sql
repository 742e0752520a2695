-- row_keys: one row per inventory row in force: its terminal key, and nothing else.
-- reads:  inventory (the rows in force), terms (one row per number)
select
    terms.acquirer_id,
    inventory.terminal_id,
    case when terms.is_keyed_by_merchant then coalesce(inventory.merchant_id, '') else '' end
        as key_merchant_id
from inventory
inner join terms
    on inventory.terms = terms.terms
