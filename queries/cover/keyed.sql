-- keyed: one row per countable and level: the number of the key under which the level counts it.
--        The key of a pair is a million times its first number and its second.
-- reads:  countables (one row per thing to count), region_keys (one row per region), device_keys
--         (one row per device), levels (one row per level and family, place or device, that may
--         count it)
with

placed as (
    select
        levels.level_number,
        case levels.level
            when 'nation' then 0
            when 'province' then region_keys.province
            when 'reporting_area' then region_keys.reporting_area
            when 'city' then region_keys.city
            when 'county' then region_keys.county
            when 'acquirer' then countables.acquirer_number
            when 'brand' then countables.brand_number
            when 'category' then countables.category_number
            when 'vendor' then device_keys.vendor
            when 'model' then device_keys.model
            when 'device_type' then device_keys.device_type
            when 'province_brand'
                then cast(region_keys.province as bigint) * 1000000 + countables.brand_number
            when 'province_acquirer'
                then cast(region_keys.province as bigint) * 1000000 + countables.acquirer_number
        end as key_number,
        countables.kind,
        countables.owner,
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
        on countables.region_number = region_keys.region_number
    left join device_keys
        on countables.device_number = device_keys.device_number
    inner join levels
        on levels.is_place = (countables.region_number is not null)
)

select * from placed
where key_number is not null
