-- terminal_counts: one row per population, unit, level, key, state, whether carried and
--                  undecided. For unit device these are the devices that carry a single terminal.
-- reads:  keyed_terminals (one row per level, key, membership, state, whether carried and
--         shared), memberships (one row per membership and population it belongs to), units (one
--         row per unit)
with

counts as (
    select
        memberships.population,
        units.unit,
        keyed_terminals.level_number,
        keyed_terminals.key_number,
        case when memberships.is_undecided then 256 else keyed_terminals.states end as state,
        keyed_terminals.is_carried,
        memberships.is_undecided,
        keyed_terminals.amount,
        case when units.unit = 'terminal' then keyed_terminals.merchant_none_count end
            as merchant_none_count,
        case when units.unit = 'terminal' then keyed_terminals.transaction_count end
            as transaction_count,
        case when units.unit = 'terminal' then keyed_terminals.contactless_transaction_count end
            as contactless_transaction_count
    from keyed_terminals
    inner join memberships
        on keyed_terminals.membership = memberships.membership
    inner join units
        on units.unit = 'terminal'
        or not keyed_terminals.is_shared_device
)

select
    population,
    unit,
    level_number,
    key_number,
    state,
    is_carried,
    is_undecided,
    cast(sum(amount) as bigint) as terminal_count,
    cast(sum(merchant_none_count) as bigint) as merchant_none_count,
    cast(sum(transaction_count) as bigint) as transaction_count,
    cast(sum(contactless_transaction_count) as bigint) as contactless_transaction_count
from counts
group by
    population,
    unit,
    level_number,
    key_number,
    state,
    is_carried,
    is_undecided
