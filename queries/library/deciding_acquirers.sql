-- deciding_acquirers: one row per key with terminals of unknown state, the most first, added up
--     from the top.
-- what:  Which acquirers decide a claim: whose unknown terminals must be settled before it is
--     supported or refuted?
-- topic: claims
-- reads: coverage
-- not for: levels and units that do not add up to the nation (is_additive is false): brand,
--     device
-- shown: key, name, unknown_count, running_unknown_count, can_support, can_refute
-- param share share = 60%: the share that is claimed
-- param level level = acquirer: the level that the rows are of
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param population population = networked: which terminals are counted
-- param unit unit = terminal: what is counted once: terminal or device
-- param reading reading = declared: which evidence is admitted: strict, declared, inferred
-- columns of coverage: key, name, unknown_count
-- column running_unknown_count: the unknown of this row and those above it
-- column needed_yes_count: how many of all the unknown must prove yes for the claim to hold; 0 or
--     less: it holds already
-- column needed_no_count: how many of all the unknown must prove no for it to fail; 0 or less: it
--     fails already
-- column can_support: the rows down to this one suffice to support it, if all their unknown prove
--     yes
-- column can_refute: the rows down to this one suffice to refute it, if all their unknown prove
--     no
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

keys as (
    select
        coverage.key,
        coverage.name,
        coverage.terminal_count,
        coverage.yes_count,
        coverage.unknown_count,
        params.share
    from coverage
    inner join params
        on coverage.snapshot_date = params.snapshot_date
        and coverage.population = params.population
        and coverage.unit = params.unit
        and coverage.reading = params.reading
        and coverage.level = params.level
),

estate as (
    select
        cast(floor(max(share) * sum(terminal_count)) as bigint) + 1 - cast(sum(yes_count) as bigint)
            as needed_yes_count,
        cast(sum(yes_count + unknown_count) as bigint)
            - cast(floor(max(share) * sum(terminal_count)) as bigint) as needed_no_count
    from keys
),

added as (
    select
        key,
        name,
        unknown_count,
        cast(sum(unknown_count) over (order by unknown_count desc, key) as bigint)
            as running_unknown_count
    from keys
    where unknown_count > 0
)

select
    added.key,
    added.name,
    added.unknown_count,
    added.running_unknown_count,
    estate.needed_yes_count,
    estate.needed_no_count,
    added.running_unknown_count >= estate.needed_yes_count as can_support,
    added.running_unknown_count >= estate.needed_no_count as can_refute
from added
cross join estate
order by
    added.unknown_count desc,
    added.key
