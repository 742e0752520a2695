-- merchant_sizes: one row per size of merchant, the smallest first.
-- what:  Is it the large merchants that accept, or the small ones?
-- topic: merchants
-- reads: merchants
-- not for: companies; a merchant is a contract with one acquirer
-- shown: size, merchant_count, any_count, all_count, terminal_count, yes_count, lower_share,
--     upper_share
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- column size: how many networked terminals a merchant has
-- column merchant_count: merchants of that size
-- column any_count: of these accept at a terminal at least, for certain
-- column all_count: of these accept at every terminal, for certain
-- columns of coverage: terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

sized as (
    select
        case
            when merchants.terminal_count = 1 then 1
            when merchants.terminal_count <= 5 then 2
            when merchants.terminal_count <= 20 then 3
            when merchants.terminal_count <= 100 then 4
            else 5
        end as size_number,
        merchants.terminal_count,
        merchants.yes_count,
        merchants.no_count
    from merchants
    inner join params
        on merchants.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', merchants.acquirer_id)
),

sizes as (
    select
        size_number,
        count(*) as merchant_count,
        count(*) filter (where yes_count > 0) as any_count,
        count(*) filter (where yes_count = terminal_count) as all_count,
        cast(sum(terminal_count) as bigint) as terminal_count,
        cast(sum(yes_count) as bigint) as yes_count,
        cast(sum(no_count) as bigint) as no_count
    from sized
    group by size_number
)

select
    case size_number
        when 1 then '1'
        when 2 then '2 to 5'
        when 3 then '6 to 20'
        when 4 then '21 to 100'
        else 'over 100'
    end as size,
    merchant_count,
    any_count,
    all_count,
    terminal_count,
    yes_count,
    no_count,
    terminal_count - yes_count - no_count as unknown_count,
    cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
    cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share
from sizes
order by size_number
