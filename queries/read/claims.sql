-- claims: one row per claim and snapshot, and one per claim over all its snapshots.
-- reads:  judgements (one row per judgement, with its edition)
select
    edition,
    claim,
    cast(snapshot_date as date) as snapshot_date,
    verdict,
    terminal_count,
    yes_count,
    no_count,
    cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
    cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share,
    margin,
    population,
    unit,
    reading,
    level,
    key,
    strictest_reading,
    as_carried,
    left_open,
    reason,
    reason_zh
from judgements
