-- united_keys: one row per duplicated terminal key: its evidence united over all rows, the row its
-- attributes come from, and what its rows disagree on.
-- reads:  judged_rows (one row per inventory row of a duplicated key)
with

duplicates as (
    select
        judged_rows.acquirer_id,
        judged_rows.terminal_id,
        judged_rows.key_merchant_id,
        judged_rows.delivery,
        judged_rows.source_line,
        judged_rows.fired,
        judged_rows.evidence,
        judged_rows.merchant_id,
        judged_rows.region,
        row_number() over (
            partition by
                judged_rows.acquirer_id, judged_rows.terminal_id, judged_rows.key_merchant_id
            order by
                judged_rows.authority,
                judged_rows.updated_at desc nulls last,
                judged_rows.export_id,
                judged_rows.source_line
        ) as precedence
    from judged_rows
)

select
    acquirer_id,
    terminal_id,
    key_merchant_id,
    max(delivery) filter (where precedence = 1) as delivery,
    max(source_line) filter (where precedence = 1) as source_line,
    bitwise_or_agg(fired) as fired,
    bitwise_or_agg(evidence) as evidence,
    count(*) as row_count,
    count(distinct merchant_id) as merchant_count,
    count(distinct region) filter (where region <> 'none') as region_count,
    count(distinct evidence) filter (where evidence > 0) as evidence_count
from duplicates
group by
    acquirer_id,
    terminal_id,
    key_merchant_id
