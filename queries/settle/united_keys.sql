-- united_keys: one row per duplicated terminal key: its evidence united over all rows, the row its
-- attributes come from, and what its rows disagree on.
-- reads:  judged_suspects (one row per inventory row that may be of such a key)
with

duplicates as (
    select
        judged_suspects.acquirer_id,
        judged_suspects.terminal_id,
        judged_suspects.key_merchant_id,
        judged_suspects.source_row,
        judged_suspects.fired,
        judged_suspects.evidence,
        judged_suspects.merchant_id,
        judged_suspects.region,
        row_number() over (
            partition by
                judged_suspects.acquirer_id,
                judged_suspects.terminal_id,
                judged_suspects.key_merchant_id
            order by
                judged_suspects.authority,
                judged_suspects.updated_at desc nulls last,
                judged_suspects.export_id,
                judged_suspects.source_line
        ) as precedence
    from judged_suspects
)

select
    acquirer_id,
    terminal_id,
    key_merchant_id,
    max(source_row) filter (where precedence = 1) as source_row,
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
having count(*) > 1
