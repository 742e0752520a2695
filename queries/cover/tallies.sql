-- tallies: one row per source, membership, tier and kind of trouble, for the tie-out and the
--          tables of evidence and populations.
-- reads:  placed_terminals (one row per settled terminal, counted or not)
select
    delivery,
    membership,
    is_barcode,
    tier,
    state,
    is_conflict,
    is_contradiction,
    has_serial,
    count(*) as terminal_count
from placed_terminals
group by
    delivery,
    membership,
    is_barcode,
    tier,
    state,
    is_conflict,
    is_contradiction,
    has_serial
order by
    delivery,
    membership,
    is_barcode,
    tier,
    state,
    is_conflict,
    is_contradiction,
    has_serial
