-- share_by_month: one row per snapshot, with the bounds of the share and what changed since the
--     one before.
-- what:  How did the share move from month to month?
-- topic: claims
-- reads: coverage
-- shown: snapshot_date, terminal_count, yes_count, unknown_count, lower_share, upper_share,
--     yes_gain, unknown_gain
-- param level level = nation: the level that the rows are of
-- param key text = all: the key at that level; all is the nation
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: snapshot_date, terminal_count, yes_count, no_count, unknown_count,
--     lower_share, upper_share
-- column terminal_gain: terminals more than at the snapshot before
-- column yes_gain: accepting terminals more than at the snapshot before
-- column unknown_gain: terminals of unknown state more than at the snapshot before
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as varchar) as key,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
)

select
    coverage.snapshot_date,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.no_count,
    coverage.unknown_count,
    coverage.lower_share,
    coverage.upper_share,
    coverage.terminal_count - lag(coverage.terminal_count) over (
        order by coverage.snapshot_date
    ) as terminal_gain,
    coverage.yes_count - lag(coverage.yes_count) over (
        order by coverage.snapshot_date
    ) as yes_gain,
    coverage.unknown_count - lag(coverage.unknown_count) over (
        order by coverage.snapshot_date
    ) as unknown_gain
from coverage
inner join params
    on coverage.population = params.population
    and coverage.unit = params.unit
    and coverage.reading = params.reading
    and coverage.level = params.level
    and coverage.key = params.key
order by coverage.snapshot_date
