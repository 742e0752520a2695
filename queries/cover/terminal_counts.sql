-- terminal_counts: one row per population, unit, level, key, state, whether carried and undecided.
--                  For unit device these are the devices that carry a single terminal.
-- reads:  keyed (one row per countable, level and population), units (one row per unit)
select
    keyed.population,
    units.unit,
    keyed.level,
    keyed.key,
    keyed.states as state,
    keyed.is_carried,
    keyed.is_undecided,
    cast(sum(keyed.amount) as bigint) as terminal_count,
    cast(sum(case when units.unit = 'terminal' then keyed.merchant_none_count end) as bigint)
        as merchant_none_count,
    cast(sum(case when units.unit = 'terminal' then keyed.transaction_count end) as bigint)
        as transaction_count,
    cast(sum(case when units.unit = 'terminal' then keyed.contactless_transaction_count end) as bigint)
        as contactless_transaction_count
from keyed
inner join units
    on units.unit = 'terminal'
    or not keyed.is_shared_device
where keyed.kind = 'terminal'
group by
    keyed.population,
    units.unit,
    keyed.level,
    keyed.key,
    keyed.states,
    keyed.is_carried,
    keyed.is_undecided
