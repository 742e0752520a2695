-- brand_status: one row per brand, the most terminals that do not accept first.
-- what:  Which chains accept everywhere, which in part, and which nowhere?
-- topic: merchants
-- reads: coverage
-- shown: brand, standing, terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- column brand: its key (table brands); none: no chain was found in the name
-- columns of coverage: name
-- column standing: all, none, part, or open where the unknown decide between them
-- columns of coverage: terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share, merchant_count, merchant_any_count, merchant_all_count
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
)

select
    coverage.key as brand,
    coverage.name,
    case
        when coverage.yes_count = coverage.terminal_count then 'all'
        when coverage.no_count = coverage.terminal_count then 'none'
        when coverage.yes_count > 0 and coverage.no_count > 0 then 'part'
        else 'open'
    end as standing,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.no_count,
    coverage.unknown_count,
    coverage.lower_share,
    coverage.upper_share,
    coverage.merchant_count,
    coverage.merchant_any_count,
    coverage.merchant_all_count
from coverage
inner join params
    on coverage.snapshot_date = params.snapshot_date
    and coverage.population = params.population
    and coverage.unit = params.unit
    and coverage.reading = params.reading
where coverage.level = 'brand'
    and coverage.terminal_count > 0
order by
    coverage.no_count desc,
    coverage.key
