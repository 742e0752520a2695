-- merchants: one row per snapshot, acquirer and merchant with an id: its networked terminals under
--            the reading declared.
-- reads:  networked_terminals (one row per terminal and snapshot, with is_networked)
-- not for: companies; a merchant is a contract with one acquirer
with

counted as (
    select
        edition,
        snapshot_date,
        acquirer_id,
        merchant_id,
        merchant_name,
        brand,
        category,
        region,
        is_networked is null as is_undecided,
        case when is_networked then bitwise_and(state, 21) <> 0 else false end as is_yes,
        case when is_networked and bitwise_and(state, 21) = 0
            then bitwise_and(state, 42) <> 0 else false end as is_no
    from networked_terminals
    where merchant_id is not null
        and device_type <> 'barcode'
        and coalesce(is_networked, true)
),

merchants as (
    select
        edition,
        snapshot_date,
        acquirer_id,
        merchant_id,
        min(merchant_name) as merchant_name,
        min(brand) as brand,
        min(category) as category,
        min(region) as region,
        count(*) as terminal_count,
        count(*) filter (where is_yes) as yes_count,
        count(*) filter (where is_no) as no_count,
        count(*) filter (where is_undecided) as undecided_count
    from counted
    group by
        edition,
        snapshot_date,
        acquirer_id,
        merchant_id
)

select
    edition,
    snapshot_date,
    acquirer_id,
    merchant_id,
    merchant_name,
    brand,
    category,
    region,
    terminal_count,
    yes_count,
    no_count,
    terminal_count - yes_count - no_count as unknown_count,
    undecided_count
from merchants
