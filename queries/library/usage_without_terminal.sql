-- usage_without_terminal: one row per terminal that usage tells of and no inventory has.
-- what:  Which terminals had transactions, but are in no inventory, or under another merchant only?
-- topic: quality
-- reads: usage, terminals
-- not for: transactions of a month; the same ones may be told by several exports
-- limit: 100
-- param months integer = 12: how many months back to look, the one of the snapshot included
-- param snapshot snapshot = newest: the day whose estate is asked about
-- columns of usage: source, acquirer_id, terminal_id, merchant_id
-- column last_month: the last month of its transactions
-- column transaction_count: transactions that exports tell of
-- column tap_count: of these contactless
-- columns of usage: source_file, source_line
with

params as (
    select
        cast(? as bigint) as month_count,
        cast(? as date) as snapshot_date
),

used as (
    select
        usage.source,
        usage.acquirer_id,
        usage.terminal_id,
        usage.merchant_id,
        max(usage.month) as last_month,
        cast(sum(usage.transaction_count) as bigint) as transaction_count,
        cast(sum(usage.contactless_transaction_count) as bigint) as tap_count,
        min(usage.source_file) as source_file,
        min(usage.source_line) as source_line
    from usage
    inner join params
        on usage.month <= params.snapshot_date
        and extract(year from usage.month) * 12 + extract(month from usage.month)
            + params.month_count
            > extract(year from params.snapshot_date) * 12
            + extract(month from params.snapshot_date)
    where usage.state = 'in_force'
    group by
        usage.source,
        usage.acquirer_id,
        usage.terminal_id,
        usage.merchant_id
),

matched as (
    select
        used.source,
        used.acquirer_id,
        used.terminal_id,
        used.merchant_id
    from used
    inner join terminals
        on used.acquirer_id = terminals.acquirer_id
        and used.terminal_id = terminals.terminal_id
    inner join params
        on terminals.snapshot_date = params.snapshot_date
    where coalesce(used.merchant_id = terminals.merchant_id, true)
    group by
        used.source,
        used.acquirer_id,
        used.terminal_id,
        used.merchant_id
)

select
    used.source,
    used.acquirer_id,
    used.terminal_id,
    used.merchant_id,
    used.last_month,
    used.transaction_count,
    used.tap_count,
    used.source_file,
    used.source_line
from used
left join matched
    on used.source = matched.source
    and used.acquirer_id = matched.acquirer_id
    and used.terminal_id = matched.terminal_id
    and coalesce(used.merchant_id, '') = coalesce(matched.merchant_id, '')
where matched.terminal_id is null
order by
    used.transaction_count desc nulls last,
    used.source,
    used.acquirer_id,
    used.terminal_id,
    used.merchant_id
