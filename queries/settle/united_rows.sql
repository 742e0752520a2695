-- united_rows: one row per inventory row of a duplicated key: whether it is the one that stays,
--              with the evidence of all, and that of usage where judged_rows have it by now.
-- reads:  judged_rows (one row per inventory row of a duplicated key), united_keys (one row per
--         duplicated key)
select
    judged_rows.delivery,
    judged_rows.source_line,
    judged_rows.delivery = united_keys.delivery
        and judged_rows.source_line = united_keys.source_line as is_kept,
    bitwise_or(united_keys.evidence, judged_rows.evidence) as evidence,
    bitwise_or(united_keys.fired, judged_rows.fired) as fired,
    cast(united_keys.row_count as integer) as row_count
from judged_rows
inner join united_keys
    on judged_rows.acquirer_id = united_keys.acquirer_id
    and judged_rows.terminal_id = united_keys.terminal_id
    and judged_rows.key_merchant_id = united_keys.key_merchant_id
