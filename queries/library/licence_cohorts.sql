-- licence_cohorts: one row per network licence, the first installed first.
-- what:  Do the devices of each certification accept, and was it certified before contactless
--     became mandatory?
-- topic: devices
-- reads: terminals
-- limit: 100
-- shown: license_code, first_installed_on, is_before_mandate, terminal_count, yes_count,
--     lower_share
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: license_code
-- column first_installed_on: the earliest installation: the certification is older than that
-- column is_before_mandate: installed before 2015-07-01, so certified when contactless was not
--     required; false: not known
-- columns of coverage: terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

counted as (
    select
        terminals.license_code,
        terminals.installed_on,
        terminals.is_networked,
        terminals.acceptance
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where coalesce(terminals.is_networked, true)
        and terminals.license_code is not null
),

cohorts as (
    select
        license_code,
        min(installed_on) as first_installed_on,
        count(*) as terminal_count,
        count(*) filter (where is_networked and acceptance = 'yes') as yes_count,
        count(*) filter (where is_networked and acceptance = 'no') as no_count
    from counted
    group by license_code
)

select
    license_code,
    first_installed_on,
    coalesce(first_installed_on < date '2015-07-01', false) as is_before_mandate,
    terminal_count,
    yes_count,
    no_count,
    terminal_count - yes_count - no_count as unknown_count,
    cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
    cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share
from cohorts
order by
    first_installed_on nulls last,
    license_code
