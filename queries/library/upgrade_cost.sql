-- upgrade_cost: one row per key of a level with terminals to upgrade or to look at, the dearest
--     first.
-- what:  What would it cost to equip what does not accept, and who has to bear it?
-- topic: devices
-- reads: coverage
-- limit: 100
-- shown: key, name, no_count, unknown_count, lower_cost, upper_cost
-- param level level = acquirer: the level that the rows are of
-- param upgrade_cost integer = 600: yuan to equip or replace one terminal
-- param visit_cost integer = 50: yuan to find out about one terminal of unknown state
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: key, name, terminal_count, no_count, unknown_count
-- column lower_cost: yuan if every unknown proves yes: upgrades of the no, visits to the unknown
-- column upper_cost: yuan if every unknown proves no and is upgraded too
-- column running_cost: upper_cost of this row and those above it
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as bigint) as upgrade_cost,
        cast(? as bigint) as visit_cost,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
),

costs as (
    select
        coverage.key,
        coverage.name,
        coverage.terminal_count,
        coverage.no_count,
        coverage.unknown_count,
        coverage.no_count * params.upgrade_cost
            + coverage.unknown_count * params.visit_cost as lower_cost,
        (coverage.no_count + coverage.unknown_count) * params.upgrade_cost
            + coverage.unknown_count * params.visit_cost as upper_cost
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
    where coverage.no_count + coverage.unknown_count > 0
)

select
    key,
    name,
    terminal_count,
    no_count,
    unknown_count,
    lower_cost,
    upper_cost,
    cast(sum(upper_cost) over (order by upper_cost desc, key) as bigint) as running_cost
from costs
order by
    upper_cost desc,
    key
