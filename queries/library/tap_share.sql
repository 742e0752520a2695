-- tap_share: one row per key of a level whose transactions are told, the lowest tap share first.
-- what:  Where are terminals able to tap but seldom tapped?
-- topic: evidence
-- reads: coverage
-- limit: 100
-- shown: key, name, terminal_count, yes_count, transaction_count, tap_share
-- param level level = acquirer: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: key, name, terminal_count, yes_count, lower_share, transaction_count,
--     contactless_transaction_count
-- column tap_share: contactless transactions / all transactions
with

params as (
    select
        cast(? as varchar) as level,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading
)

select
    coverage.key,
    coverage.name,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.lower_share,
    coverage.transaction_count,
    coverage.contactless_transaction_count,
    cast(coverage.contactless_transaction_count as double)
        / nullif(coverage.transaction_count, 0) as tap_share
from coverage
inner join params
    on coverage.snapshot_date = params.snapshot_date
    and coverage.population = params.population
    and coverage.unit = params.unit
    and coverage.reading = params.reading
    and coverage.level = params.level
where coverage.transaction_count > 0
order by
    tap_share nulls first,
    coverage.transaction_count desc,
    coverage.key
