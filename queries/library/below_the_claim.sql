-- below_the_claim: one row per key of a level whose share is not above a claimed one, or may not
--     be.
-- what:  Which provinces are below the claimed share, and how many accepting terminals do they
--     lack?
-- topic: claims
-- reads: coverage
-- shown: key, name, terminal_count, lower_share, upper_share, standing, lack_count,
--     lack_lower_count
-- param share share = 60%: the share that is claimed
-- param level level = province: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: key, name, terminal_count, yes_count, unknown_count, lower_share,
--     upper_share
-- column standing: below (even if every unknown is a yes) or open (the unknown decide)
-- column lack_count: how many more accepting terminals put it above the share for certain
-- column lack_lower_count: how many of these it lacks even if every unknown is a yes
with

params as (
    select
        cast(? as decimal(9, 8)) as share,
        cast(? as varchar) as level,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
),

needed as (
    select
        coverage.key,
        coverage.name,
        coverage.terminal_count,
        coverage.yes_count,
        coverage.unknown_count,
        coverage.lower_share,
        coverage.upper_share,
        cast(floor(params.share * coverage.terminal_count) as bigint) + 1 as needed_count
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
    where coverage.terminal_count > 0
)

select
    key,
    name,
    terminal_count,
    yes_count,
    unknown_count,
    lower_share,
    upper_share,
    case when yes_count + unknown_count < needed_count then 'below' else 'open' end as standing,
    needed_count - yes_count as lack_count,
    case when yes_count + unknown_count < needed_count
        then needed_count - yes_count - unknown_count else 0 end as lack_lower_count
from needed
where yes_count < needed_count
order by
    lack_count desc,
    key
