-- brand_by_province: one row per brand and province, the most terminals that do not accept first.
-- what:  In which provinces does a chain still not accept?
-- topic: merchants
-- reads: coverage
-- limit: 100
-- shown: name, terminal_count, yes_count, no_count, unknown_count, lower_share, upper_share
-- param brand text = all: only this brand, by its key in table brands
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- column brand: key of the brand; none: no chain
-- column province: code of the province; none where it is not known
-- columns of coverage: name, terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share
with

params as (
    select
        cast(? as varchar) as brand,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
),

pairs as (
    select
        substr(coverage.key, strpos(coverage.key, '|') + 1) as brand,
        substr(coverage.key, 1, strpos(coverage.key, '|') - 1) as province,
        coverage.name,
        coverage.terminal_count,
        coverage.yes_count,
        coverage.no_count,
        coverage.unknown_count,
        coverage.lower_share,
        coverage.upper_share,
        params.brand as asked_brand
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
    where coverage.level = 'province_brand'
        and coverage.terminal_count > 0
)

select
    brand,
    province,
    name,
    terminal_count,
    yes_count,
    no_count,
    unknown_count,
    lower_share,
    upper_share
from pairs
where asked_brand = brand
    or (asked_brand = 'all' and brand <> 'none')
order by
    no_count desc,
    brand,
    province
