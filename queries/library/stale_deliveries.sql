-- stale_deliveries: one row per source, the longest silent first.
-- what:  Which sources are behind, and how many of the counted terminals are carried over from
--     them?
-- topic: quality
-- reads: deliveries, snapshots, terminals
-- param snapshot snapshot = newest: the day whose estate is asked about
-- columns of deliveries: source
-- column last_snapshot_date: the newest snapshot up to the one asked about that it delivered
-- column behind_count: snapshots since then that it did not deliver
-- column row_count: rows of its last delivery
-- column carried_count: terminals of the snapshot that are taken over from it
with

params as (
    select
        cast(? as date) as snapshot_date
),

delivered as (
    select
        deliveries.source,
        deliveries.snapshot_date,
        sum(deliveries.row_count) as row_count
    from deliveries
    inner join params
        on deliveries.snapshot_date <= params.snapshot_date
    where deliveries.state = 'in_force'
    group by
        deliveries.source,
        deliveries.snapshot_date
),

newest as (
    select
        source,
        max(snapshot_date) as last_snapshot_date
    from delivered
    group by source
),

behind as (
    select
        newest.source,
        count(*) as behind_count
    from newest
    inner join snapshots
        on snapshots.snapshot_date > newest.last_snapshot_date
    inner join params
        on snapshots.snapshot_date <= params.snapshot_date
    group by newest.source
),

carried as (
    select
        terminals.source,
        count(*) as carried_count
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
    where terminals.is_carried
    group by terminals.source
)

select
    newest.source,
    newest.last_snapshot_date,
    coalesce(behind.behind_count, 0) as behind_count,
    cast(delivered.row_count as bigint) as row_count,
    coalesce(carried.carried_count, 0) as carried_count
from newest
inner join delivered
    on newest.source = delivered.source
    and newest.last_snapshot_date = delivered.snapshot_date
left join behind
    on newest.source = behind.source
left join carried
    on newest.source = carried.source
order by
    behind_count desc,
    newest.source
