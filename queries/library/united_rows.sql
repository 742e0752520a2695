-- united_rows: one row per acquirer and source whose rows were united into fewer terminals.
-- what:  How many duplicates do the exports hold, and whose are they?
-- topic: quality
-- reads: terminals
-- shown: acquirer_id, source, row_count, terminal_count, duplicate_count, largest_count
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: acquirer_id, source
-- column row_count: inventory rows
-- column terminal_count: terminals that they became
-- column duplicate_count: rows more than terminals
-- column repeated_count: terminals that stand on more than one row
-- column largest_count: the most rows that one terminal stands on
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

united as (
    select
        terminals.acquirer_id,
        terminals.source,
        cast(sum(terminals.row_count) as bigint) as row_count,
        count(*) as terminal_count,
        count(*) filter (where terminals.row_count > 1) as repeated_count,
        cast(max(terminals.row_count) as bigint) as largest_count
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    group by
        terminals.acquirer_id,
        terminals.source
)

select
    acquirer_id,
    source,
    row_count,
    terminal_count,
    row_count - terminal_count as duplicate_count,
    repeated_count,
    largest_count
from united
where row_count > terminal_count
order by
    duplicate_count desc,
    acquirer_id,
    source
