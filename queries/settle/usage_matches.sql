-- usage_matches: one row: how many terminals usage tells of, and how many of these are in no
--                inventory in force, or there under other merchants only.
-- reads:  inventory (the rows in force), terms (one row per number), usage_by_merchant (one row per
--         terminal and merchant of usage)
with

keys as (
    select
        terms.acquirer_id,
        inventory.terminal_id,
        coalesce(inventory.merchant_id, '') as merchant_id,
        max(case when terms.is_keyed_by_merchant then 0 else 1 end) as is_loose
    from inventory
    inner join terms
        on inventory.terms = terms.terms
    group by
        terms.acquirer_id,
        inventory.terminal_id,
        coalesce(inventory.merchant_id, '')
),

key_terminals as (
    select
        acquirer_id,
        terminal_id,
        max(is_loose) as is_loose,
        max(case when merchant_id = '' then is_loose else 0 end) as is_open
    from keys
    group by
        acquirer_id,
        terminal_id
),

usage_terminals as (
    select
        usage_by_merchant.acquirer_id,
        usage_by_merchant.terminal_id,
        max(case when key_terminals.terminal_id is null then 0 else 1 end) as is_known,
        max(
            case
                when keys.terminal_id is not null and keys.merchant_id <> '' then 1
                when usage_by_merchant.merchant_id = '' then key_terminals.is_loose
                else key_terminals.is_open
            end
        ) as is_matched
    from usage_by_merchant
    left join key_terminals
        on usage_by_merchant.acquirer_id = key_terminals.acquirer_id
        and usage_by_merchant.terminal_id = key_terminals.terminal_id
    left join keys
        on usage_by_merchant.acquirer_id = keys.acquirer_id
        and usage_by_merchant.terminal_id = keys.terminal_id
        and usage_by_merchant.merchant_id = keys.merchant_id
    group by
        usage_by_merchant.acquirer_id,
        usage_by_merchant.terminal_id
)

select
    count(*) as terminal_count,
    count(*) filter (where is_known = 0) as unknown_terminal_count,
    count(*) filter (where is_known = 1 and coalesce(is_matched, 0) = 0) as other_merchant_count
from usage_terminals
