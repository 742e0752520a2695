-- concentration: one row per key of a level with terminals that do not accept, the most first,
--     added up from the top.
-- what:  How few counties hold most of the terminals that do not accept?
-- topic: places
-- reads: coverage
-- limit: 50
-- param level level = county: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- column place: its place by no_count
-- columns of coverage: key, name, terminal_count, no_count
-- column no_share: part of its terminals that do not accept
-- column running_no_count: terminals that do not accept in this row and those above it
-- column running_share: part of all terminals that do not accept
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
),

keys as (
    select
        coverage.key,
        coverage.name,
        coverage.terminal_count,
        coverage.no_count
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
    where coverage.no_count > 0
)

select
    row_number() over (order by no_count desc, key) as place,
    key,
    name,
    terminal_count,
    no_count,
    cast(no_count as double) / nullif(terminal_count, 0) as no_share,
    cast(sum(no_count) over (order by no_count desc, key) as bigint) as running_no_count,
    cast(sum(no_count) over (order by no_count desc, key) as double)
        / nullif(sum(no_count) over (), 0) as running_share
from keys
order by place
