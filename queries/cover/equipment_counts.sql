-- equipment_counts: one row per level of devices that has slots, key and union of states: the
--                   merchants that have it. The columns are those of merchant_counts.
-- reads:  owners (one row per merchant), slots (one row per level and key: where in which
--         column equipment_… its states stand)
with

outfits as (
    select
        0 as word,
        equipment_0 as bits,
        count(*) as merchant_count
    from owners
    where equipment_0 <> 0
    group by equipment_0
    union all
    select
        1 as word,
        equipment_1 as bits,
        count(*) as merchant_count
    from owners
    where equipment_1 <> 0
    group by equipment_1
    union all
    select
        2 as word,
        equipment_2 as bits,
        count(*) as merchant_count
    from owners
    where equipment_2 <> 0
    group by equipment_2
    union all
    select
        3 as word,
        equipment_3 as bits,
        count(*) as merchant_count
    from owners
    where equipment_3 <> 0
    group by equipment_3
),

counts as (
    select
        slots.level_number,
        slots.key_number,
        bitwise_and(bitwise_right_shift(outfits.bits, slots.shift), 511) as states,
        outfits.merchant_count
    from outfits
    inner join slots
        on outfits.word = slots.word
)

select
    level_number,
    key_number,
    states,
    cast(sum(merchant_count) as bigint) as merchant_count
from counts
where states <> 0
group by
    level_number,
    key_number,
    states
