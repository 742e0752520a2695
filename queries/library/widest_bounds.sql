-- widest_bounds: one row per key of a level, the most terminals of unknown state first, with the
--     reasons.
-- what:  Where are the bounds widest, and why: what is to be chased first?
-- topic: claims
-- reads: coverage
-- limit: 50
-- shown: key, name, terminal_count, unknown_count, undecided_count, rejected_count,
--     missing_count, running_share
-- param level level = county: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- param min_terminals integer = 1: only keys with at least so many terminals
-- columns of coverage: key, name, terminal_count, unknown_count, undecided_count, rejected_count,
--     missing_count
-- column no_evidence_count: unknown because nothing that the reading admits speaks, or because it
--     contradicts itself
-- column width_share: upper share minus lower share
-- column running_share: part of all unknown terminals that this row and those above it hold
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading,
        cast(? as bigint) as min_terminals
),

keys as (
    select
        coverage.key,
        coverage.name,
        coverage.terminal_count,
        coverage.unknown_count,
        coverage.undecided_count,
        coverage.rejected_count,
        coverage.missing_count
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
        and coverage.terminal_count >= params.min_terminals
    where coverage.unknown_count > 0
)

select
    key,
    name,
    terminal_count,
    unknown_count,
    undecided_count,
    rejected_count,
    missing_count,
    unknown_count - undecided_count - rejected_count - missing_count as no_evidence_count,
    cast(unknown_count as double) / nullif(terminal_count, 0) as width_share,
    cast(sum(unknown_count) over (order by unknown_count desc, key) as double)
        / nullif(sum(unknown_count) over (), 0) as running_share
from keys
order by
    unknown_count desc,
    key
