-- installation_cohorts: one row per period of installation, the earliest first.
-- what:  Do terminals installed since contactless became mandatory (2015-07-01) accept, and do
--     older ones?
-- topic: devices
-- reads: terminals
-- not for: certification; a device may be installed years after its model was certified
-- shown: installed_from, is_since_mandate, terminal_count, yes_count, no_count, lower_share,
--     upper_share
-- param period choice(year, quarter, month) = quarter: how long a cohort is
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- column installed_from: first day of the period; null where no date of installation is given
-- column is_since_mandate: the period lies after 2015-07-01, from which new certifications
--     require contactless
-- columns of coverage: terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share
with

params as (
    select
        cast(? as varchar) as period,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

days as (
    select
        params.period,
        terminals.installed_on,
        count(*) as terminal_count,
        count(*) filter (where terminals.is_networked and terminals.acceptance = 'yes')
            as yes_count,
        count(*) filter (where terminals.is_networked and terminals.acceptance = 'no') as no_count
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where coalesce(terminals.is_networked, true)
    group by
        params.period,
        terminals.installed_on
),

dated as (
    select
        cast(date_trunc(period, installed_on) as date) as installed_from,
        terminal_count,
        yes_count,
        no_count
    from days
),

cohorts as (
    select
        installed_from,
        cast(sum(terminal_count) as bigint) as terminal_count,
        cast(sum(yes_count) as bigint) as yes_count,
        cast(sum(no_count) as bigint) as no_count
    from dated
    group by installed_from
)

select
    installed_from,
    installed_from >= date '2015-07-01' as is_since_mandate,
    terminal_count,
    yes_count,
    no_count,
    terminal_count - yes_count - no_count as unknown_count,
    cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
    cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share
from cohorts
order by installed_from nulls last
