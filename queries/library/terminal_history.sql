-- terminal_history: one row per snapshot, acquirer and terminal of that id.
-- what:  What was said of one terminal, snapshot by snapshot?
-- topic: change
-- reads: terminals
-- shown: snapshot_date, acquirer_id, merchant_name, is_networked, acceptance, tier, rule
-- param terminal text: the terminal's id, with its leading zeros
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: snapshot_date, acquirer_id, merchant_id, merchant_name, model, status,
--     in_service, is_networked, acceptance, tier, rule, is_conflict, is_carried, source_file,
--     source_line
with

params as (
    select
        cast(? as varchar) as terminal_id,
        cast(? as varchar) as acquirer_id
)

select
    terminals.snapshot_date,
    terminals.acquirer_id,
    terminals.merchant_id,
    terminals.merchant_name,
    terminals.model,
    terminals.status,
    terminals.in_service,
    terminals.is_networked,
    terminals.acceptance,
    terminals.tier,
    terminals.rule,
    terminals.is_conflict,
    terminals.is_carried,
    terminals.source_file,
    terminals.source_line
from terminals
inner join params
    on terminals.terminal_id = params.terminal_id
    and params.acquirer_id in ('all', terminals.acquirer_id)
order by
    terminals.snapshot_date,
    terminals.acquirer_id,
    terminals.merchant_id
