-- contradictions: one row per source and kind of disagreement between pieces of evidence.
-- what:  Where does the evidence disagree: declared against configured, declared against tapped?
-- topic: evidence
-- reads: terminals
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- columns of terminals: source, tier, acceptance
-- column kind: conflict: the tier says both, so the answer is unknown; contradiction: weaker
--     evidence says the opposite and is not asked
-- column terminal_count: networked terminals
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
),

disagreements as (
    select
        terminals.source,
        terminals.tier,
        terminals.acceptance,
        case when terminals.is_conflict then 'conflict' else 'contradiction' end as kind
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
        and params.acquirer_id in ('all', terminals.acquirer_id)
    where terminals.is_networked
        and (terminals.is_conflict or terminals.is_contradiction)
)

select
    source,
    tier,
    acceptance,
    kind,
    count(*) as terminal_count
from disagreements
group by
    source,
    tier,
    acceptance,
    kind
order by
    terminal_count desc,
    source,
    tier,
    acceptance,
    kind
