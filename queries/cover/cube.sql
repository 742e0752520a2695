-- cube: one row per population, unit, level and key, with counts per tier; a reading is a sum of
--       them.
-- reads:  terminal_counts, device_counts, merchant_counts, uncounted (one row per population, level
--         and key: rejected and missing terminals), memberships (where -1 stands for the
--         merchants), level_keys (one row per level and key)
with

measures as (
    select
        population,
        unit,
        level_number,
        key_number,
        state,
        is_carried,
        is_undecided,
        terminal_count,
        merchant_none_count,
        transaction_count,
        contactless_transaction_count,
        cast(0 as bigint) as rejected_count,
        cast(0 as bigint) as missing_count
    from terminal_counts
    union all
    select
        population,
        'device' as unit,
        level_number,
        key_number,
        case
            when bitwise_and(states, 85) <> 0
                then bitwise_and(bitwise_and(states, 85), -bitwise_and(states, 85))
            when states >= 256 then 256
            when states >= 128 then 128
            when states >= 32 then 32
            when states >= 8 then 8
            else 2
        end as state,
        is_carried,
        is_undecided,
        device_count as terminal_count,
        cast(null as bigint) as merchant_none_count,
        cast(null as bigint) as transaction_count,
        cast(null as bigint) as contactless_transaction_count,
        cast(0 as bigint) as rejected_count,
        cast(0 as bigint) as missing_count
    from device_counts
    union all
    select
        population,
        unit,
        level_number,
        key_number,
        256 as state,
        false as is_carried,
        false as is_undecided,
        rejected_count + missing_count as terminal_count,
        cast(null as bigint) as merchant_none_count,
        cast(null as bigint) as transaction_count,
        cast(null as bigint) as contactless_transaction_count,
        rejected_count,
        missing_count
    from uncounted
    where rejected_count + missing_count > 0
),

counts as (
    select
        population,
        unit,
        level_number,
        key_number,
        sum(terminal_count) as terminal_count,
        sum(case when state = 1 then terminal_count else 0 end) as observed_yes_count,
        sum(case when state = 2 then terminal_count else 0 end) as observed_no_count,
        sum(case when state = 4 then terminal_count else 0 end) as configured_yes_count,
        sum(case when state = 8 then terminal_count else 0 end) as configured_no_count,
        sum(case when state = 16 then terminal_count else 0 end) as declared_yes_count,
        sum(case when state = 32 then terminal_count else 0 end) as declared_no_count,
        sum(case when state = 64 then terminal_count else 0 end) as inferred_yes_count,
        sum(case when state = 128 then terminal_count else 0 end) as inferred_no_count,
        sum(case when is_undecided then terminal_count else 0 end) as undecided_count,
        sum(rejected_count) as rejected_count,
        sum(missing_count) as missing_count,
        sum(case when is_carried then terminal_count else 0 end) as carried_count,
        sum(case when is_carried and state in (1, 4) then terminal_count else 0 end)
            as carried_strict_yes_count,
        sum(case when is_carried and state in (2, 8) then terminal_count else 0 end)
            as carried_strict_no_count,
        sum(case when is_carried and state = 16 then terminal_count else 0 end)
            as carried_declared_yes_count,
        sum(case when is_carried and state = 32 then terminal_count else 0 end)
            as carried_declared_no_count,
        sum(case when is_carried and state = 64 then terminal_count else 0 end)
            as carried_inferred_yes_count,
        sum(case when is_carried and state = 128 then terminal_count else 0 end)
            as carried_inferred_no_count,
        sum(merchant_none_count) as merchant_none_count,
        sum(transaction_count) as transaction_count,
        sum(contactless_transaction_count) as contactless_transaction_count
    from measures
    group by
        population,
        unit,
        level_number,
        key_number
),

merchants as (
    select
        level_number,
        key_number,
        sum(merchant_count) as merchant_count,
        sum(case when bitwise_and(states, 5) <> 0 then merchant_count else 0 end)
            as strict_any_count,
        sum(case when bitwise_and(states, 10) <> states then merchant_count else 0 end)
            as strict_any_upper_count,
        sum(case when bitwise_and(states, 5) = states then merchant_count else 0 end)
            as strict_all_count,
        sum(case when bitwise_and(states, 10) = 0 then merchant_count else 0 end)
            as strict_all_upper_count,
        sum(case when bitwise_and(states, 21) <> 0 then merchant_count else 0 end)
            as declared_any_count,
        sum(case when bitwise_and(states, 42) <> states then merchant_count else 0 end)
            as declared_any_upper_count,
        sum(case when bitwise_and(states, 21) = states then merchant_count else 0 end)
            as declared_all_count,
        sum(case when bitwise_and(states, 42) = 0 then merchant_count else 0 end)
            as declared_all_upper_count,
        sum(case when bitwise_and(states, 85) <> 0 then merchant_count else 0 end)
            as inferred_any_count,
        sum(case when bitwise_and(states, 170) <> states then merchant_count else 0 end)
            as inferred_any_upper_count,
        sum(case when bitwise_and(states, 85) = states then merchant_count else 0 end)
            as inferred_all_count,
        sum(case when bitwise_and(states, 170) = 0 then merchant_count else 0 end)
            as inferred_all_upper_count
    from merchant_counts
    group by
        level_number,
        key_number
),

merchants_of_populations as (
    select
        memberships.population,
        merchants.*
    from merchants
    cross join memberships
    where memberships.membership = -1
)

select
    counts.population,
    counts.unit,
    level_keys.level,
    level_keys.key,
    level_keys.name,
    cast(counts.terminal_count as bigint) as terminal_count,
    cast(counts.observed_yes_count as bigint) as observed_yes_count,
    cast(counts.observed_no_count as bigint) as observed_no_count,
    cast(counts.configured_yes_count as bigint) as configured_yes_count,
    cast(counts.configured_no_count as bigint) as configured_no_count,
    cast(counts.declared_yes_count as bigint) as declared_yes_count,
    cast(counts.declared_no_count as bigint) as declared_no_count,
    cast(counts.inferred_yes_count as bigint) as inferred_yes_count,
    cast(counts.inferred_no_count as bigint) as inferred_no_count,
    cast(counts.undecided_count as bigint) as undecided_count,
    cast(counts.rejected_count as bigint) as rejected_count,
    cast(counts.missing_count as bigint) as missing_count,
    cast(counts.carried_count as bigint) as carried_count,
    cast(counts.carried_strict_yes_count as bigint) as carried_strict_yes_count,
    cast(counts.carried_strict_no_count as bigint) as carried_strict_no_count,
    cast(counts.carried_declared_yes_count as bigint) as carried_declared_yes_count,
    cast(counts.carried_declared_no_count as bigint) as carried_declared_no_count,
    cast(counts.carried_inferred_yes_count as bigint) as carried_inferred_yes_count,
    cast(counts.carried_inferred_no_count as bigint) as carried_inferred_no_count,
    cast(coalesce(merchants.merchant_count, 0) as bigint) as merchant_count,
    cast(coalesce(merchants.strict_any_count, 0) as bigint) as strict_any_count,
    cast(coalesce(merchants.strict_any_upper_count, 0) as bigint) as strict_any_upper_count,
    cast(coalesce(merchants.strict_all_count, 0) as bigint) as strict_all_count,
    cast(coalesce(merchants.strict_all_upper_count, 0) as bigint) as strict_all_upper_count,
    cast(coalesce(merchants.declared_any_count, 0) as bigint) as declared_any_count,
    cast(coalesce(merchants.declared_any_upper_count, 0) as bigint) as declared_any_upper_count,
    cast(coalesce(merchants.declared_all_count, 0) as bigint) as declared_all_count,
    cast(coalesce(merchants.declared_all_upper_count, 0) as bigint) as declared_all_upper_count,
    cast(coalesce(merchants.inferred_any_count, 0) as bigint) as inferred_any_count,
    cast(coalesce(merchants.inferred_any_upper_count, 0) as bigint) as inferred_any_upper_count,
    cast(coalesce(merchants.inferred_all_count, 0) as bigint) as inferred_all_count,
    cast(coalesce(merchants.inferred_all_upper_count, 0) as bigint) as inferred_all_upper_count,
    cast(coalesce(counts.merchant_none_count, 0) as bigint) as merchant_none_count,
    cast(counts.transaction_count as bigint) as transaction_count,
    cast(counts.contactless_transaction_count as bigint) as contactless_transaction_count,
    counts.unit = 'terminal' or level_keys.level = 'nation' as is_additive
from counts
inner join level_keys
    on counts.level_number = level_keys.level_number
    and counts.key_number = level_keys.key_number
left join merchants_of_populations as merchants
    on counts.population = merchants.population
    and counts.level_number = merchants.level_number
    and counts.key_number = merchants.key_number
order by
    counts.population,
    counts.unit,
    level_keys.level,
    level_keys.key
