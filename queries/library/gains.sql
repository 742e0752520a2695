-- gains: one row per key of a level that either snapshot has, the largest gain first.
-- what:  What did each acquirer, province or brand gain from one month to the next?
-- topic: change
-- reads: coverage
-- limit: 100
-- shown: key, name, terminal_count, yes_count, yes_gain, lower_share, lower_gain
-- param level level = acquirer: the level that the rows are of
-- param before snapshot = previous: the earlier snapshot that it is held against
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: key, name
-- column before_terminal_count: terminals at the earlier snapshot
-- column terminal_count: terminals at the later one
-- column before_yes_count: accepting terminals at the earlier snapshot
-- column yes_count: accepting terminals at the later one
-- column yes_gain: accepting terminals gained
-- column before_lower_share: the certain share at the earlier snapshot
-- column lower_share: the certain share at the later one
-- column lower_gain: difference of the two: 0.01 is one percentage point
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as date) as before_date,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
),

counts as (
    select
        coverage.key,
        max(coverage.name) as name,
        cast(sum(case when coverage.snapshot_date = params.before_date
            then coverage.terminal_count else 0 end) as bigint) as before_terminal_count,
        cast(sum(case when coverage.snapshot_date = params.snapshot_date
            then coverage.terminal_count else 0 end) as bigint) as terminal_count,
        cast(sum(case when coverage.snapshot_date = params.before_date
            then coverage.yes_count else 0 end) as bigint) as before_yes_count,
        cast(sum(case when coverage.snapshot_date = params.snapshot_date
            then coverage.yes_count else 0 end) as bigint) as yes_count
    from coverage
    inner join params
        on coverage.snapshot_date in (params.before_date, params.snapshot_date)
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
    group by coverage.key
),

shares as (
    select
        counts.*,
        cast(before_yes_count as double) / nullif(before_terminal_count, 0) as before_lower_share,
        cast(yes_count as double) / nullif(terminal_count, 0) as lower_share
    from counts
)

select
    key,
    name,
    before_terminal_count,
    terminal_count,
    before_yes_count,
    yes_count,
    yes_count - before_yes_count as yes_gain,
    before_lower_share,
    lower_share,
    lower_share - before_lower_share as lower_gain
from shares
order by
    yes_gain desc,
    key
