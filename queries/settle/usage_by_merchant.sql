-- usage_by_merchant: one row per terminal and merchant ('' where usage does not tell it), with the
--                    rules that its transactions fire.
-- reads:  fired_usage (one row per terminal, merchant and way of reading its transactions)
select
    acquirer_id,
    terminal_id,
    merchant_id,
    bitwise_or_agg(fired) as fired,
    cast(sum(transaction_count) as bigint) as transaction_count,
    cast(sum(contactless_transaction_count) as bigint) as contactless_transaction_count,
    max(last_transaction_on) as last_transaction_on
from fired_usage
group by
    acquirer_id,
    terminal_id,
    merchant_id
