-- unknown_reasons: one row per acquirer and reason for which terminals are unknown under the
--     reading declared.
-- what:  Why is it not known of so many terminals whether they accept?
-- topic: evidence
-- reads: terminals, coverage
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: acquirer_id
-- column reason: conflict (yes and no at the same tier), undecided (in service or not is open),
--     inferred (only model, date or merchant speak), silent (nothing speaks), rejected (the row
--     could not be read), missing (the source no longer delivers)
-- column terminal_count: networked terminals that are unknown for this reason
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

reasons as (
    select
        terminals.acquirer_id,
        case
            when terminals.is_networked is null then 'undecided'
            when terminals.is_conflict then 'conflict'
            when terminals.tier = 'inferred' then 'inferred'
            else 'silent'
        end as reason
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.is_networked is null
        or (terminals.is_networked and terminals.acceptance = 'unknown')
),

lost as (
    select
        coverage.key as acquirer_id,
        coverage.rejected_count,
        coverage.missing_count
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', coverage.key)
    where coverage.level = 'acquirer'
        and coverage.population = 'networked'
        and coverage.unit = 'terminal'
        and coverage.reading = 'declared'
),

final as (
    select
        acquirer_id,
        reason,
        count(*) as terminal_count
    from reasons
    group by
        acquirer_id,
        reason
    union all
    select
        acquirer_id,
        'rejected' as reason,
        rejected_count as terminal_count
    from lost
    where rejected_count > 0
    union all
    select
        acquirer_id,
        'missing' as reason,
        missing_count as terminal_count
    from lost
    where missing_count > 0
)

select * from final
order by
    terminal_count desc,
    acquirer_id,
    reason
