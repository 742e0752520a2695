-- keyed: one row per countable, level and population: the key under which the level counts it, and
--        its states there (256, unknown, where its membership is undecided).
-- reads:  countables, region_keys (one row per region), levels (one row per level), memberships (one
--         row per membership code and population it belongs to)
with

placed as (
    select
        levels.level,
        case levels.level
            when 'nation' then case when countables.region is not null then 'all' end
            when 'province' then region_keys.province
            when 'reporting_area' then region_keys.reporting_area
            when 'city' then region_keys.city
            when 'county' then region_keys.county
            when 'acquirer' then countables.acquirer_id
            when 'brand' then countables.brand
            when 'category' then countables.category
            when 'vendor' then countables.vendor
            when 'model' then countables.model
            when 'device_type' then countables.device_type
            when 'province_brand' then region_keys.province || '|' || countables.brand
            when 'province_acquirer' then region_keys.province || '|' || countables.acquirer_id
        end as key,
        countables.*
    from countables
    left join region_keys
        on countables.region = region_keys.region
    cross join levels
)

select
    memberships.population,
    memberships.is_undecided,
    placed.level,
    placed.key,
    placed.kind,
    placed.entity,
    case when memberships.is_undecided then 256 else placed.states end as states,
    placed.is_carried,
    placed.is_shared_device,
    placed.amount,
    placed.merchant_none_count,
    placed.transaction_count,
    placed.contactless_transaction_count
from placed
inner join memberships
    on placed.membership = memberships.membership
where placed.key is not null
