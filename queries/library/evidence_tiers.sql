-- evidence_tiers: one row per acquirer and tier, the strongest first.
-- what:  What does the answer of each acquirer rest on: taps, parameters, declarations or
--     inference?
-- topic: evidence
-- reads: terminals
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: acquirer_id, tier
-- column terminal_count: networked terminals whose strongest evidence is of this tier
-- column yes_count: of these accept under the reading inferred, which admits every tier
-- column no_count: of these do not
-- column conflict_count: of these the evidence of the tier says both
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
)

select
    terminals.acquirer_id,
    terminals.tier,
    count(*) as terminal_count,
    count(*) filter (where terminals.acceptance_inferred = 'yes') as yes_count,
    count(*) filter (where terminals.acceptance_inferred = 'no') as no_count,
    count(*) filter (where terminals.is_conflict) as conflict_count
from terminals
inner join params
    on terminals.snapshot_date = params.snapshot_date
    and params.acquirer_id in ('all', terminals.acquirer_id)
where terminals.is_networked
group by
    terminals.acquirer_id,
    terminals.tier
order by
    terminals.acquirer_id,
    case terminals.tier
        when 'observed' then 1
        when 'configured' then 2
        when 'declared' then 3
        when 'inferred' then 4
        else 5
    end
