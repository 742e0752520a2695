-- movement: one row per answer before and answer after, with how many networked terminals went
--     that way.
-- what:  How many terminals turned from no to yes, from unknown to yes, came new or went?
-- topic: change
-- reads: terminals
-- param before snapshot = previous: the earlier snapshot that it is held against
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- column before_acceptance: acceptance at the earlier snapshot; absent: not counted there
-- column acceptance: acceptance at the later one; absent: not counted there
-- column terminal_count: terminals
with

params as (
    select
        cast(? as date) as before_date,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

seen as (
    select
        terminals.acquirer_id,
        terminals.terminal_id,
        terminals.merchant_id,
        terminals.snapshot_date = params.snapshot_date as is_after,
        case when terminals.is_networked then terminals.acceptance else 'unknown' end as acceptance
    from terminals
    inner join params
        on terminals.snapshot_date in (params.before_date, params.snapshot_date)
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where coalesce(terminals.is_networked, true)
),

pairs as (
    select
        acquirer_id,
        terminal_id,
        max(case when not is_after then acceptance end) as before_acceptance,
        max(case when is_after then acceptance end) as acceptance
    from seen
    group by
        acquirer_id,
        terminal_id
)

select
    coalesce(before_acceptance, 'absent') as before_acceptance,
    coalesce(acceptance, 'absent') as acceptance,
    count(*) as terminal_count
from pairs
group by
    before_acceptance,
    acceptance
order by
    before_acceptance,
    acceptance
