-- keyed: one row per countable and level: the key under which the level counts it.
-- reads:  countables (one row per thing to count), region_keys (one row per region), levels (one
--         row per level and family, place or device, that may count it)
with

placed as (
    select
        levels.level,
        case levels.level
            when 'nation' then 'all'
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
        countables.kind,
        countables.entity,
        countables.membership,
        countables.states,
        countables.is_carried,
        countables.is_shared_device,
        countables.amount,
        countables.merchant_none_count,
        countables.transaction_count,
        countables.contactless_transaction_count
    from countables
    left join region_keys
        on countables.region = region_keys.region
    inner join levels
        on levels.is_place = (countables.region is not null)
)

select * from placed
where key is not null
