-- largest_merchants: one row per merchant with an id: its terminals, and how many of them are yes,
--                    no and undecided; the merchants with the most terminals first.
-- reads:  counted_terminals (one row per terminal of one snapshot and one population)
-- params: limit (bigint), the most rows
-- not for: companies; a merchant is a contract with one acquirer
with

params as (
    select cast(? as bigint) as row_limit
),

merchants as (
    select
        acquirer_id || '|' || merchant_id as key,
        coalesce(min(merchant_name), merchant_id) as name,
        count(*) as terminal_count,
        count(*) filter (where acceptance = 'yes') as yes_count,
        count(*) filter (where acceptance = 'no') as no_count,
        count(*) filter (where is_undecided) as undecided_count
    from counted_terminals
    where merchant_id is not null
    group by
        acquirer_id,
        merchant_id
),

ranked as (
    select
        merchants.*,
        row_number() over (order by terminal_count desc, key) as place
    from merchants
)

select
    ranked.key,
    ranked.name,
    ranked.terminal_count,
    ranked.yes_count,
    ranked.no_count,
    ranked.undecided_count
from ranked
inner join params
    on ranked.place <= params.row_limit
order by ranked.place
