-- rules_fired: one row per acceptance rule that decided a networked terminal, the most used
--     first.
-- what:  Which rules carry the figure, and what do they rest on?
-- topic: evidence
-- reads: terminals
-- shown: rule, tier, terminal_count, yes_count, no_count, conflict_count, contradiction_count
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- column rule: the acceptance rule that decided; null where none spoke
-- columns of terminals: tier
-- column terminal_count: networked terminals that it decided
-- column yes_count: of these accept under the reading declared
-- column no_count: of these do not
-- column conflict_count: of these a rule of the same tier says the opposite
-- column contradiction_count: of these weaker evidence says the opposite
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id
)

select
    terminals.rule,
    terminals.tier,
    count(*) as terminal_count,
    count(*) filter (where terminals.acceptance = 'yes') as yes_count,
    count(*) filter (where terminals.acceptance = 'no') as no_count,
    count(*) filter (where terminals.is_conflict) as conflict_count,
    count(*) filter (where terminals.is_contradiction) as contradiction_count
from terminals
inner join params
    on terminals.snapshot_date = params.snapshot_date
    and params.acquirer_id in ('all', terminals.acquirer_id)
where terminals.is_networked
group by
    terminals.rule,
    terminals.tier
order by
    terminal_count desc,
    terminals.rule nulls last,
    terminals.tier
