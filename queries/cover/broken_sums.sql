-- broken_sums: one row per population, unit and additive level whose keys do not sum to the nation.
-- reads:  cube (one row per population, unit, level and key)
with

sums as (
    select
        population,
        unit,
        level,
        cast(sum(terminal_count) as bigint) as level_count
    from cube
    where is_additive
    group by
        population,
        unit,
        level
),

nation as (
    select
        population,
        unit,
        terminal_count
    from cube
    where level = 'nation'
)

select
    sums.population,
    sums.unit,
    sums.level,
    sums.level_count,
    nation.terminal_count
from sums
inner join nation
    on sums.population = nation.population
    and sums.unit = nation.unit
where sums.level_count <> nation.terminal_count
order by
    sums.population,
    sums.unit,
    sums.level
