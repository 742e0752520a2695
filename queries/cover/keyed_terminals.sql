-- keyed_terminals: one row per level, key, membership, state, whether carried and whether shared.
-- reads:  keyed (one row per countable and level)
select
    level_number,
    key_number,
    membership,
    states,
    is_carried,
    is_shared_device,
    cast(sum(amount) as bigint) as amount,
    cast(sum(merchant_none_count) as bigint) as merchant_none_count,
    cast(sum(transaction_count) as bigint) as transaction_count,
    cast(sum(contactless_transaction_count) as bigint) as contactless_transaction_count
from keyed
where kind = 'terminal'
group by
    level_number,
    key_number,
    membership,
    states,
    is_carried,
    is_shared_device
