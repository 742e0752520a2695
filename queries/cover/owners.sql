-- owners: one row per merchant with an id: its terminals in the default population under the
--         reading declared, the union of their states, and where they are: the first and the last
--         number of each dimension, equal where all are in one. The name is that of its first
--         row. The columns equipment_… say what states its terminals have by kind of device (see
--         slots).
-- reads:  merchant_batch (one row per terminal of the merchants at hand), equipment (one row per
--         device and state)
-- not for: companies; a merchant is a contract with one acquirer
with

equipped_members as (
    select *
    from merchant_batch
    inner join equipment
        on merchant_batch.device_number * 512 + merchant_batch.state = equipment.device_state
)

select
    acquirer_number,
    merchant_id,
    min_by(merchant_name, source_row) as merchant_name,
    min(region_number) as first_region,
    max(region_number) as last_region,
    min(brand_number) as first_brand,
    max(brand_number) as last_brand,
    min(category_number) as first_category,
    max(category_number) as last_category,
    bitwise_or_agg(state) as states,
    count(*) as terminal_count,
    count(*) filter (where bitwise_and(state, 21) <> 0) as yes_count,
    count(*) filter (where bitwise_and(state, 42) <> 0) as no_count,
    count(*) filter (where is_undecided) as undecided_count,
    bitwise_or_agg(equipment_0) as equipment_0,
    bitwise_or_agg(equipment_1) as equipment_1,
    bitwise_or_agg(equipment_2) as equipment_2,
    bitwise_or_agg(equipment_3) as equipment_3
from equipped_members
group by
    acquirer_number,
    merchant_id
