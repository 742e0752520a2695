-- disagreements: one row: how many terminals stood on several rows, and what those rows disagree
--                on.
-- reads:  united_keys (one row per duplicated key), settled_terminals (one row per terminal)
select
    count(*) as duplicated_terminal_count,
    coalesce(cast(sum(row_count - 1) as bigint), 0) as duplicate_row_count,
    count(*) filter (where merchant_count > 1) as merchant_disagreement_count,
    count(*) filter (where region_count > 1) as region_disagreement_count,
    count(*) filter (where evidence_count > 1) as acceptance_disagreement_count
from united_keys
