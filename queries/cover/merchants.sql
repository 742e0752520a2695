-- merchants: one row per merchant with an id: its terminals in the default population under the
--            reading declared, the union of their states, and where they are: the first and the
--            last number of each dimension, equal where all are in one. Text is of the first, a
--            brand of the last.
-- reads:  merchant_members (one row per terminal that the default population may count), legend
--         (one row per kind and number)
-- not for: companies; a merchant is a contract with one acquirer
with

owners as (
    select
        acquirer_number,
        merchant_id,
        min(merchant_name) as merchant_name,
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
        count(*) filter (where is_undecided) as undecided_count
    from merchant_members
    group by
        acquirer_number,
        merchant_id
)

select
    acquirers.text as acquirer_id,
    owners.merchant_id,
    owners.merchant_name,
    brands.text as brand,
    categories.text as category,
    regions.text as region,
    cast(owners.terminal_count as integer) as terminal_count,
    cast(owners.yes_count as integer) as yes_count,
    cast(owners.no_count as integer) as no_count,
    cast(owners.undecided_count as integer) as undecided_count,
    cast(owners.states as smallint) as states,
    owners.acquirer_number,
    owners.first_region,
    owners.last_region,
    owners.first_brand,
    owners.last_brand,
    owners.first_category,
    owners.last_category
from owners
inner join legend as acquirers
    on acquirers.kind = 'acquirer'
    and owners.acquirer_number = acquirers.number
inner join legend as brands
    on brands.kind = 'brand'
    and owners.last_brand = brands.number
inner join legend as categories
    on categories.kind = 'category'
    and owners.first_category = categories.number
inner join legend as regions
    on regions.kind = 'region'
    and owners.first_region = regions.number
