-- claim_history: one row per claim and snapshot, and a last one without snapshot for the verdict
--     over all.
-- what:  How did the verdict on each claim come about, snapshot by snapshot, and what was the
--     margin?
-- topic: claims
-- reads: claims
-- shown: claim, snapshot_date, verdict, terminal_count, yes_count, lower_share, upper_share,
--     margin
-- param claim text = all: only the claim with this id
-- columns of claims: claim, snapshot_date, verdict, terminal_count, yes_count, no_count,
--     lower_share, upper_share, margin, strictest_reading, reason
with

params as (
    select
        cast(? as varchar) as claim
)

select
    claims.claim,
    claims.snapshot_date,
    claims.verdict,
    claims.terminal_count,
    claims.yes_count,
    claims.no_count,
    claims.lower_share,
    claims.upper_share,
    claims.margin,
    claims.strictest_reading,
    claims.reason
from claims
inner join params
    on params.claim in ('all', claims.claim)
order by
    claims.claim,
    claims.snapshot_date nulls last
