-- delivery_sizes: one row per source and snapshot that it delivered, the newest first.
-- what:  Did a delivery shrink, grow or lose rows suspiciously?
-- topic: quality
-- reads: deliveries
-- shown: snapshot_date, source, row_count, reject_count, row_gain, gain_share, is_suspicious
-- param source text = all: only this source
-- param share share = 5%: a change of more than this is suspicious
-- columns of deliveries: snapshot_date, source
-- column part_count: exports that it consists of
-- columns of deliveries: row_count, reject_count
-- column row_gain: rows more than in its delivery before
-- column gain_share: row_gain / rows before
-- column is_suspicious: it grew or shrank by more than the share asked for
with

params as (
    select
        cast(? as varchar) as source,
        cast(? as decimal(9, 8)) as share
),

sizes as (
    select
        deliveries.snapshot_date,
        deliveries.source,
        params.share,
        count(*) as part_count,
        cast(sum(deliveries.row_count) as bigint) as row_count,
        cast(sum(deliveries.reject_count) as bigint) as reject_count
    from deliveries
    inner join params
        on params.source in ('all', deliveries.source)
    where deliveries.state = 'in_force'
    group by
        deliveries.snapshot_date,
        deliveries.source,
        params.share
),

compared as (
    select
        sizes.*,
        row_count - lag(row_count) over (
            partition by source
            order by snapshot_date
        ) as row_gain
    from sizes
)

select
    snapshot_date,
    source,
    part_count,
    row_count,
    reject_count,
    row_gain,
    cast(row_gain as double) / nullif(row_count - row_gain, 0) as gain_share,
    coalesce(abs(row_gain) > share * (row_count - row_gain), false) as is_suspicious
from compared
order by
    snapshot_date desc,
    source
