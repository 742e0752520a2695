-- usage_rows: one row per inventory row in force that usage speaks of: the same acquirer and
--             terminal, and the same merchant where both are told. Where ids repeat between
--             merchants, both must be told.
-- reads:  inventory (the rows in force), terms (one row per number), usage_by_merchant (one row per
--         terminal and merchant of usage)
select
    inventory.delivery,
    inventory.source_line,
    bitwise_or_agg(usage_by_merchant.fired) as fired,
    cast(sum(usage_by_merchant.transaction_count) as bigint) as transaction_count,
    cast(sum(usage_by_merchant.contactless_transaction_count) as bigint)
        as contactless_transaction_count,
    max(usage_by_merchant.last_transaction_on) as last_transaction_on
from inventory
inner join terms
    on inventory.terms = terms.terms
inner join usage_by_merchant
    on terms.acquirer_id = usage_by_merchant.acquirer_id
    and inventory.terminal_id = usage_by_merchant.terminal_id
    and case
        when inventory.merchant_id = usage_by_merchant.merchant_id then true
        when terms.is_keyed_by_merchant then false
        else inventory.merchant_id is null or usage_by_merchant.merchant_id = ''
    end
group by
    inventory.delivery,
    inventory.source_line
