-- declared_without_taps: one row per terminal that is declared to accept, has transactions, and
--     no contactless one.
-- what:  Which terminals are declared yes but were not tapped in the last months?
-- topic: evidence
-- reads: terminals
-- not for: proof that a terminal cannot; that no tap was seen is never a no
-- limit: 100
-- shown: acquirer_id, terminal_id, merchant_name, model, snapshot_count, transaction_count
-- param months integer = 3: how many months back to look, the one of the snapshot included
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- param min_transactions integer = 100: only terminals with at least so many transactions in
--     these months
-- columns of terminals: acquirer_id, terminal_id, merchant_id, merchant_name, region, vendor,
--     model
-- column snapshot_count: snapshots in these months that tell its transactions
-- column transaction_count: its transactions in these months
-- columns of terminals: source_file, source_line
with

params as (
    select
        cast(? as bigint) as month_count,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id,
        cast(? as bigint) as min_transactions
),

candidates as (
    select
        terminals.acquirer_id,
        terminals.terminal_id,
        terminals.merchant_id,
        terminals.merchant_name,
        terminals.region,
        terminals.vendor,
        terminals.model,
        terminals.source_file,
        terminals.source_line
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.is_networked
        and terminals.acceptance = 'yes'
        and terminals.tier = 'declared'
        and coalesce(terminals.contactless_transaction_count, 0) = 0
),

told as (
    select
        terminals.acquirer_id,
        terminals.terminal_id,
        terminals.transaction_count,
        coalesce(terminals.contactless_transaction_count, 0) as tap_count
    from terminals
    inner join params
        on terminals.snapshot_date <= params.snapshot_date
        and extract(year from terminals.snapshot_date) * 12
            + extract(month from terminals.snapshot_date) + params.month_count
            > extract(year from params.snapshot_date) * 12
            + extract(month from params.snapshot_date)
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.transaction_count is not null
),

months as (
    select
        candidates.acquirer_id,
        candidates.terminal_id,
        count(*) as snapshot_count,
        cast(sum(told.transaction_count) as bigint) as transaction_count,
        cast(sum(told.tap_count) as bigint) as tap_count
    from candidates
    inner join told
        on candidates.acquirer_id = told.acquirer_id
        and candidates.terminal_id = told.terminal_id
    group by
        candidates.acquirer_id,
        candidates.terminal_id
)

select
    candidates.acquirer_id,
    candidates.terminal_id,
    candidates.merchant_id,
    candidates.merchant_name,
    candidates.region,
    candidates.vendor,
    candidates.model,
    months.snapshot_count,
    months.transaction_count,
    candidates.source_file,
    candidates.source_line
from candidates
inner join months
    on candidates.acquirer_id = months.acquirer_id
    and candidates.terminal_id = months.terminal_id
    and months.tap_count = 0
inner join params
    on months.transaction_count >= params.min_transactions
order by
    months.transaction_count desc,
    candidates.acquirer_id,
    candidates.terminal_id,
    candidates.merchant_id
