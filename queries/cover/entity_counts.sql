-- entity_counts: one row per population, kind (device), level, key, union of states, whether
--                carried and whether every terminal's membership is undecided.
-- reads:  keyed (one row per countable and level), memberships (one row per membership and
--         population it belongs to)
with

entities as (
    select
        memberships.population,
        keyed.kind,
        keyed.level,
        keyed.key,
        keyed.entity,
        bitwise_or_agg(case when memberships.is_undecided then 256 else keyed.states end) as states,
        bool_or(keyed.is_carried) as is_carried,
        bool_and(memberships.is_undecided) as is_undecided
    from keyed
    inner join memberships
        on keyed.membership = memberships.membership
    where keyed.kind = 'device'
    group by
        memberships.population,
        keyed.kind,
        keyed.level,
        keyed.key,
        keyed.entity
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
