-- vanished_terminals: one row per networked terminal of the earlier snapshot that the later one
--     does not have.
-- what:  Which terminals vanished, and did they accept?
-- topic: change
-- reads: terminals
-- limit: 100
-- shown: acquirer_id, terminal_id, merchant_name, model, installed_on, acceptance
-- param before snapshot = previous: the earlier snapshot that it is held against
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: acquirer_id, terminal_id, merchant_id, merchant_name, region
-- columns of terminals: vendor, model, device_type, installed_on, removed_on, acceptance,
--     source_file, source_line
with

params as (
    select
        cast(? as date) as before_date,
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

others as (
    select
        terminals.acquirer_id,
        terminals.terminal_id
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where coalesce(terminals.is_networked, true)
)

select
    terminals.acquirer_id,
    terminals.terminal_id,
    terminals.merchant_id,
    terminals.merchant_name,
    terminals.region,
    terminals.vendor,
    terminals.model,
    terminals.device_type,
    terminals.installed_on,
    terminals.removed_on,
    terminals.acceptance,
    terminals.source_file,
    terminals.source_line
from terminals
inner join params
    on terminals.snapshot_date = params.before_date
    and params.acquirer_id in ('all', terminals.acquirer_id)
left join others
    on terminals.acquirer_id = others.acquirer_id
    and terminals.terminal_id = others.terminal_id
where terminals.is_networked
    and others.terminal_id is null
order by
    terminals.acquirer_id,
    terminals.terminal_id,
    terminals.merchant_id
