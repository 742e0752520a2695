-- device_types: one row per device type, with what of it is counted and what is not.
-- what:  Which kinds of device are in the inventories, which are counted, and which accept?
-- topic: devices
-- reads: terminals
-- not for: the headline; rejected and missing rows have no device and are not in it
-- shown: device_type, all_count, left_out_count, terminal_count, yes_count, unknown_count,
--     lower_share, upper_share
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: device_type
-- column all_count: terminals of that type, whatever their state
-- column left_out_count: of these not networked: out of service, cash machines, barcode readers,
--     other countries
-- columns of coverage: terminal_count, yes_count, no_count, unknown_count, lower_share,
--     upper_share
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

types as (
    select
        terminals.device_type,
        count(*) as all_count,
        count(*) filter (where not coalesce(terminals.is_networked, true)) as left_out_count,
        count(*) filter (where terminals.is_networked and terminals.acceptance = 'yes')
            as yes_count,
        count(*) filter (where terminals.is_networked and terminals.acceptance = 'no') as no_count
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    group by terminals.device_type
),

counted as (
    select
        types.*,
        all_count - left_out_count as terminal_count
    from types
)

select
    device_type,
    all_count,
    left_out_count,
    terminal_count,
    yes_count,
    no_count,
    terminal_count - yes_count - no_count as unknown_count,
    cast(yes_count as double) / nullif(terminal_count, 0) as lower_share,
    cast(terminal_count - no_count as double) / nullif(terminal_count, 0) as upper_share
from counted
order by
    all_count desc,
    device_type
