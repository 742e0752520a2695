-- tallies: one row per source, membership, tier and kind of trouble, for the tie-out and the
--          tables of evidence and populations.
-- reads:  settled_terminals (one row per terminal, counted or not)
select
    delivery,
    membership,
    tier,
    state,
    is_conflict,
    is_contradiction,
    count(*) as terminal_count
from settled_terminals
group by
    delivery,
    membership,
    tier,
    state,
    is_conflict,
    is_contradiction
order by
    delivery,
    membership,
    tier,
    state,
    is_conflict,
    is_contradiction
