-- shared_serials: one row per device that several terminals claim, those of several acquirers
--     first.
-- what:  Which devices are in the inventories of several acquirers, or more than once in one?
-- topic: quality
-- reads: terminals
-- limit: 100
-- shown: vendor, shared_serial_number, acquirer_count, terminal_count, yes_count, no_count
-- param snapshot snapshot = newest: the day whose estate is asked about
-- columns of terminals: vendor, shared_serial_number
-- column acquirer_count: acquirers that have it
-- column terminal_count: networked terminals with this serial number
-- column yes_count: of these accept
-- column no_count: of these do not
-- column first_acquirer_id: the first of the acquirers in byte order
-- column last_acquirer_id: the last of them
with

params as (
    select
        cast(? as date) as snapshot_date
),

places as (
    select
        terminals.vendor,
        terminals.shared_serial_number,
        terminals.acquirer_id,
        count(*) as terminal_count,
        count(*) filter (where terminals.acceptance = 'yes') as yes_count,
        count(*) filter (where terminals.acceptance = 'no') as no_count
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
    where terminals.is_networked
        and terminals.serial_terminal_count > 1
    group by
        terminals.vendor,
        terminals.shared_serial_number,
        terminals.acquirer_id
)

select
    vendor,
    shared_serial_number,
    count(*) as acquirer_count,
    cast(sum(terminal_count) as bigint) as terminal_count,
    cast(sum(yes_count) as bigint) as yes_count,
    cast(sum(no_count) as bigint) as no_count,
    min(acquirer_id) as first_acquirer_id,
    max(acquirer_id) as last_acquirer_id
from places
group by
    vendor,
    shared_serial_number
having sum(terminal_count) > 1
order by
    acquirer_count desc,
    terminal_count desc,
    vendor nulls last,
    shared_serial_number
