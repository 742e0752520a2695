-- merchant_counts: one row per population, kind (merchant), level, key and union of states, with
--                  the columns of entity_counts.
-- reads:  keyed (one row per countable and level), memberships (one row per membership and
--         population it belongs to)
with

merged as (
    select
        level,
        key,
        entity,
        bitwise_or_agg(states) as states
    from keyed
    where kind = 'merchant'
    group by
        level,
        key,
        entity
),

counts as (
    select
        level,
        key,
        states,
        count(*) as entity_count
    from merged
    group by
        level,
        key,
        states
    union all
    select
        level,
        key,
        states,
        cast(sum(amount) as bigint) as entity_count
    from keyed
    where kind = 'merchants'
    group by
        level,
        key,
        states
)

select
    memberships.population,
    'merchant' as kind,
    counts.level,
    counts.key,
    counts.states,
    false as is_carried,
    false as is_undecided,
    counts.entity_count
from counts
cross join memberships
where memberships.membership = -1
