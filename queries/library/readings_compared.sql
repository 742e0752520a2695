-- readings_compared: one row per reading, the strictest first.
-- what:  How much does the answer depend on which evidence is believed?
-- topic: claims
-- reads: coverage
-- param level level = nation: the level that the rows are of
-- param key text = all: the key at that level; all is the nation
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- columns of coverage: reading, terminal_count, yes_count, no_count, unknown_count, lower_share,
--     known_share, upper_share
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as varchar) as key,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit
)

select
    coverage.reading,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.no_count,
    coverage.unknown_count,
    coverage.lower_share,
    coverage.known_share,
    coverage.upper_share
from coverage
inner join params
    on coverage.snapshot_date = params.snapshot_date
    and coverage.population = params.population
    and coverage.unit = params.unit
    and coverage.level = params.level
    and coverage.key = params.key
order by case coverage.reading when 'strict' then 1 when 'declared' then 2 else 3 end
