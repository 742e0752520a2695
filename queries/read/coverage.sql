-- coverage: one row per snapshot, population, unit, reading, level and key, with counts and shares.
-- reads:  cubes (one row per snapshot, population, unit, level and key, counts per tier), readings
--         (one row per reading)
-- not for: adding up rows where is_additive is false
-- merchants are counted in the population networked alone: in others their number is not 0 but
-- unknown
with

counts as (
    select
        cubes.edition,
        cubes.snapshot_date,
        cubes.population,
        cubes.unit,
        readings.reading,
        cubes.level,
        cubes.key,
        cubes.name,
        cubes.terminal_count,
        cubes.observed_yes_count + cubes.configured_yes_count
            + case when readings.rank >= 2 then cubes.declared_yes_count else 0 end
            + case when readings.rank >= 3 then cubes.inferred_yes_count else 0 end as yes_count,
        cubes.observed_no_count + cubes.configured_no_count
            + case when readings.rank >= 2 then cubes.declared_no_count else 0 end
            + case when readings.rank >= 3 then cubes.inferred_no_count else 0 end as no_count,
        cubes.undecided_count,
        cubes.rejected_count,
        cubes.carried_count,
        cubes.carried_strict_yes_count
            + case when readings.rank >= 2 then cubes.carried_declared_yes_count else 0 end
            + case when readings.rank >= 3 then cubes.carried_inferred_yes_count else 0 end
            as carried_yes_count,
        cubes.carried_strict_no_count
            + case when readings.rank >= 2 then cubes.carried_declared_no_count else 0 end
            + case when readings.rank >= 3 then cubes.carried_inferred_no_count else 0 end
            as carried_no_count,
        cubes.missing_count,
        cubes.merchant_count,
        case readings.rank
            when 1 then cubes.strict_any_count
            when 2 then cubes.declared_any_count
            else cubes.inferred_any_count
        end as merchant_any_count,
        case readings.rank
            when 1 then cubes.strict_any_upper_count
            when 2 then cubes.declared_any_upper_count
            else cubes.inferred_any_upper_count
        end as merchant_any_upper_count,
        case readings.rank
            when 1 then cubes.strict_all_count
            when 2 then cubes.declared_all_count
            else cubes.inferred_all_count
        end as merchant_all_count,
        case readings.rank
            when 1 then cubes.strict_all_upper_count
            when 2 then cubes.declared_all_upper_count
            else cubes.inferred_all_upper_count
        end as merchant_all_upper_count,
        cubes.merchant_none_count,
        cubes.transaction_count,
        cubes.contactless_transaction_count,
        cubes.is_additive
    from cubes
    cross join readings
)

select
    edition,
    snapshot_date,
    population,
    unit,
    reading,
    level,
    key,
    name,
    terminal_count,
    yes_count,
    no_count,
    terminal_count - yes_count - no_count as unknown_count,
    undecided_count,
    rejected_count,
    carried_count,
    carried_yes_count,
    carried_no_count,
    missing_count,
    cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
    cast(yes_count as double) / nullif(yes_count + no_count, 0) as known_share,
    cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share,
    case when population = 'networked' then merchant_count end as merchant_count,
    case when population = 'networked' then merchant_any_count end as merchant_any_count,
    case when population = 'networked' then merchant_any_upper_count end
        as merchant_any_upper_count,
    case when population = 'networked' then merchant_all_count end as merchant_all_count,
    case when population = 'networked' then merchant_all_upper_count end
        as merchant_all_upper_count,
    merchant_none_count,
    transaction_count,
    contactless_transaction_count,
    is_additive
from counts
