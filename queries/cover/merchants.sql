-- merchants: one row per merchant with an id: its terminals in the default population under the
--            reading declared, the union of their states, and where they are. Text is of the
--            first of several dimensions, a brand of the last.
-- reads:  owners (one row per merchant), legend (one row per kind and number)
-- not for: companies; a merchant is a contract with one acquirer
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
    cast(owners.states as smallint) as states
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
