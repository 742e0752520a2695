-- ranking: one row per key of a level, the highest certain share first.
-- what:  Which categories, provinces, acquirers or models accept most, and which least?
-- topic: places
-- reads: coverage
-- limit: 100
-- shown: place, key, name, terminal_count, yes_count, lower_share, upper_share
-- param level level = category: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- param min_terminals integer = 1: only keys with at least so many terminals
-- column place: its place by lower_share
-- columns of coverage: key, name, terminal_count, yes_count, no_count, unknown_count,
--     lower_share, upper_share
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading,
        cast(? as bigint) as min_terminals
)

select
    rank() over (
        order by coverage.lower_share desc
    ) as place,
    coverage.key,
    coverage.name,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.no_count,
    coverage.unknown_count,
    coverage.lower_share,
    coverage.upper_share
from coverage
inner join params
    on coverage.snapshot_date = params.snapshot_date
    and coverage.population = params.population
    and coverage.unit = params.unit
    and coverage.reading = params.reading
    and coverage.level = params.level
    and coverage.terminal_count >= params.min_terminals
where coverage.terminal_count > 0
order by
    place,
    coverage.terminal_count desc,
    coverage.key
