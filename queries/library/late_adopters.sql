-- late_adopters: one row per key of a level, those that are not there yet first, then the latest.
-- what:  Who came to a share late, and who has not yet?
-- topic: change
-- reads: coverage
-- limit: 100
-- shown: key, name, first_snapshot_date, below_count, terminal_count, lower_share, upper_share
-- param share share = 60%: the share that is claimed
-- param level level = acquirer: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- param min_terminals integer = 1: only keys with at least so many terminals
-- columns of coverage: key, name
-- column first_snapshot_date: the first snapshot at which it was above the share for certain;
--     null: not yet
-- column snapshot_count: snapshots that it was seen at, up to the one asked about
-- column below_count: of these not above the share
-- column terminal_count: its terminals at the snapshot asked about
-- column lower_share: its certain share there
-- column upper_share: its share there if every unknown is a yes
with

params as (
    select
        cast(? as decimal(9, 8)) as share,
        cast(? as varchar) as level,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading,
        cast(? as bigint) as min_terminals
),

months as (
    select
        coverage.key,
        coverage.name,
        coverage.snapshot_date,
        coverage.terminal_count,
        coverage.lower_share,
        coverage.upper_share,
        coverage.yes_count > params.share * coverage.terminal_count as is_above,
        coverage.snapshot_date = params.snapshot_date as is_asked,
        params.min_terminals
    from coverage
    inner join params
        on coverage.snapshot_date <= params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
    where coverage.terminal_count > 0
),

keys as (
    select
        key,
        max(name) as name,
        min(case when is_above then snapshot_date end) as first_snapshot_date,
        count(*) as snapshot_count,
        count(*) filter (where not is_above) as below_count,
        max(case when is_asked then terminal_count end) as terminal_count,
        max(case when is_asked then lower_share end) as lower_share,
        max(case when is_asked then upper_share end) as upper_share,
        max(min_terminals) as min_terminals
    from months
    group by key
)

select
    key,
    name,
    first_snapshot_date,
    snapshot_count,
    below_count,
    terminal_count,
    lower_share,
    upper_share
from keys
where terminal_count >= min_terminals
order by
    first_snapshot_date desc nulls first,
    below_count desc,
    terminal_count desc,
    key
