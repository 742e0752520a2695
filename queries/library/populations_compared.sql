-- populations_compared: one row per population and unit.
-- what:  How much does the answer depend on which terminals are counted, and whether terminals or
--     devices are?
-- topic: claims
-- reads: coverage
-- shown: population, unit, terminal_count, yes_count, unknown_count, lower_share, upper_share
-- param level level = nation: the level that the rows are of
-- param key text = all: the key at that level; all is the nation
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: population, unit, terminal_count, yes_count, no_count, unknown_count,
--     undecided_count, lower_share, upper_share
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as varchar) as key,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as reading
)

select
    coverage.population,
    coverage.unit,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.no_count,
    coverage.unknown_count,
    coverage.undecided_count,
    coverage.lower_share,
    coverage.upper_share
from coverage
inner join params
    on coverage.snapshot_date = params.snapshot_date
    and coverage.reading = params.reading
    and coverage.level = params.level
    and coverage.key = params.key
order by
    coverage.population,
    coverage.unit desc
