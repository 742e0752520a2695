-- changed_answers: one row per networked terminal whose acceptance differs between two snapshots.
-- what:  Which terminals changed their answer from one month to the next, and on what evidence?
-- topic: change
-- reads: terminals
-- not for: sources whose terminal key holds the merchant too; their terminals may match twice
-- limit: 100
-- shown: terminal_id, merchant_name, before_acceptance, acceptance, rule
-- param before snapshot = previous: the earlier snapshot that it is held against
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: acquirer_id, terminal_id, merchant_id, merchant_name, region
-- column before_acceptance: acceptance at the earlier snapshot
-- column before_rule: the rule that decided then
-- columns of terminals: acceptance, rule, source_file, source_line
with

params as (
    select
        cast(? as date) as before_date,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

earlier as (
    select
        terminals.acquirer_id,
        terminals.terminal_id,
        terminals.acceptance,
        terminals.rule
    from terminals
    inner join params
        on terminals.snapshot_date = params.before_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.is_networked
),

later as (
    select
        terminals.acquirer_id,
        terminals.terminal_id,
        terminals.merchant_id,
        terminals.merchant_name,
        terminals.region,
        terminals.acceptance,
        terminals.rule,
        terminals.source_file,
        terminals.source_line
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.is_networked
)

select
    later.acquirer_id,
    later.terminal_id,
    later.merchant_id,
    later.merchant_name,
    later.region,
    earlier.acceptance as before_acceptance,
    earlier.rule as before_rule,
    later.acceptance,
    later.rule,
    later.source_file,
    later.source_line
from later
inner join earlier
    on later.acquirer_id = earlier.acquirer_id
    and later.terminal_id = earlier.terminal_id
    and later.acceptance <> earlier.acceptance
order by
    later.acquirer_id,
    later.terminal_id,
    later.merchant_id
