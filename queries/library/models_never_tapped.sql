-- models_never_tapped: one row per model with transactions and without a contactless one.
-- what:  Which models are said to accept, or are not, but were never seen to?
-- topic: devices
-- reads: coverage
-- not for: proof that a model cannot: that no tap was seen is never a no
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- param min_transactions integer = 1000: only models with at least so many transactions
-- column model: vendor and model
-- columns of coverage: terminal_count, yes_count, no_count, unknown_count, transaction_count
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as population,
        cast(? as varchar) as unit,
        cast(? as varchar) as reading,
        cast(? as bigint) as min_transactions
)

select
    coverage.key as model,
    coverage.terminal_count,
    coverage.yes_count,
    coverage.no_count,
    coverage.unknown_count,
    coverage.transaction_count
from coverage
inner join params
    on coverage.snapshot_date = params.snapshot_date
    and coverage.population = params.population
    and coverage.unit = params.unit
    and coverage.reading = params.reading
    and coverage.transaction_count >= params.min_transactions
where coverage.level = 'model'
    and coverage.contactless_transaction_count = 0
order by
    coverage.transaction_count desc,
    coverage.key
