-- merchant_counts: one row per level of places, key and union of states: the merchants that have
--                  it.
-- reads:  keyed (one row per countable and level)
with

merged as (
    select
        level_number,
        key_number,
        owner,
        entity,
        bitwise_or_agg(states) as states
    from keyed
    where kind = 'merchant'
    group by
        level_number,
        key_number,
        owner,
        entity
),

counts as (
    select
        level_number,
        key_number,
        states,
        count(*) as merchant_count
    from merged
    group by
        level_number,
        key_number,
        states
    union all
    select
        level_number,
        key_number,
        states,
        cast(sum(amount) as bigint) as merchant_count
    from keyed
    where kind = 'merchants'
    group by
        level_number,
        key_number,
        states
)

select * from counts
