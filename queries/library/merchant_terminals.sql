-- merchant_terminals: one row per terminal of one merchant.
-- what:  Which terminals does a merchant have, and why does each count as it does?
-- topic: merchants
-- reads: terminals
-- shown: terminal_id, region, model, acceptance, tier, rule
-- param merchant text: the merchant's id at its acquirer
-- param acquirer text = all: only this acquirer, by its number
-- param snapshot snapshot = newest: the day whose estate is asked about
-- columns of terminals: acquirer_id, terminal_id, merchant_name, region, vendor, model,
--     in_service, acceptance, tier, rule, source_file, source_line
with

params as (
    select
        cast(? as varchar) as merchant_id,
        cast(? as varchar) as acquirer_id,
        cast(? as date) as snapshot_date
)

select
    terminals.acquirer_id,
    terminals.terminal_id,
    terminals.merchant_name,
    terminals.region,
    terminals.vendor,
    terminals.model,
    terminals.in_service,
    terminals.acceptance,
    terminals.tier,
    terminals.rule,
    terminals.source_file,
    terminals.source_line
from terminals
inner join params
    on terminals.snapshot_date = params.snapshot_date
    and terminals.merchant_id = params.merchant_id
    and params.acquirer_id in ('all', terminals.acquirer_id)
order by
    terminals.acquirer_id,
    terminals.terminal_id
