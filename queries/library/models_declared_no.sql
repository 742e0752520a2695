-- models_declared_no: one row per vendor and model with terminals declared not to accept, though
--     weaker evidence says they do.
-- what:  Which models are declared no though model, date of installation or merchant speak for
--     yes?
-- topic: devices
-- reads: terminals
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: vendor, model
-- column terminal_count: networked terminals of the model
-- column no_count: of these do not accept
-- column doubtful_count: of the no, those that weaker evidence contradicts
-- column doubtful_share: doubtful / no
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

models as (
    select
        terminals.vendor,
        terminals.model,
        count(*) as terminal_count,
        count(*) filter (where terminals.acceptance = 'no') as no_count,
        count(*) filter (where terminals.acceptance = 'no' and terminals.is_contradiction)
            as doubtful_count
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.is_networked
    group by
        terminals.vendor,
        terminals.model
)

select
    vendor,
    model,
    terminal_count,
    no_count,
    doubtful_count,
    cast(doubtful_count as double) / nullif(no_count, 0) as doubtful_share
from models
where doubtful_count > 0
order by
    doubtful_count desc,
    vendor nulls last,
    model nulls last
