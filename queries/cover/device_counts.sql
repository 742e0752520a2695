-- device_counts: one row per population, level, key, union of states, whether carried and whether
--                every terminal's membership is undecided: the devices that carry several
--                terminals.
-- reads:  keyed (one row per countable and level), memberships (one row per membership and
--         population it belongs to)
with

devices as (
    select
        memberships.population,
        keyed.level_number,
        keyed.key_number,
        keyed.owner,
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
        keyed.level_number,
        keyed.key_number,
        keyed.owner,
        keyed.entity
)

select
    population,
    level_number,
    key_number,
    states,
    is_carried,
    is_undecided,
    count(*) as device_count
from devices
group by
    population,
    level_number,
    key_number,
    states,
    is_carried,
    is_undecided
