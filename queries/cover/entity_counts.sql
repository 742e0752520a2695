-- entity_counts: one row per population, kind (device, merchant), level, key, union of states,
--                whether carried and whether every terminal's membership is undecided.
-- reads:  keyed (one row per countable, level and population)
with

entities as (
    select
        population,
        kind,
        level,
        key,
        entity,
        bitwise_or_agg(states) as states,
        bool_or(is_carried) as is_carried,
        bool_and(is_undecided) as is_undecided
    from keyed
    where kind in ('device', 'merchant')
    group by
        population,
        kind,
        level,
        key,
        entity
)

select
    population,
    kind,
    level,
    key,
    states,
    is_carried,
    is_undecided,
    count(*) as entity_count
from entities
group by
    population,
    kind,
    level,
    key,
    states,
    is_carried,
    is_undecided
union all
select
    population,
    'merchant' as kind,
    level,
    key,
    states,
    is_carried,
    is_undecided,
    cast(sum(amount) as bigint) as entity_count
from keyed
where kind = 'merchant_alone'
group by
    population,
    level,
    key,
    states,
    is_carried,
    is_undecided
