-- settle_rows: one row per inventory row in force, with its references resolved.
-- reads:  named_inventory (the rows in force), deliveries (one row per inventory file in force),
--         resolved_acquirers, resolved_regions, resolved_categories, resolved_models (one row per
--         distinct raw value), resolved_brands (one row per alias), settings (one row)
-- not for: counting; duplicates are still in
select
    inventory.delivery,
    inventory.source_line,
    deliveries.source,
    deliveries.export_id,
    deliveries.authority,
    deliveries.is_carried,
    deliveries.contactless_scheme,
    deliveries.mobile_is,
    deliveries.no_pin_scope,
    settings.snapshot_date,
    resolved_acquirers.acquirer_id,
    inventory.terminal_id,
    case when deliveries.is_keyed_by_merchant then coalesce(inventory.merchant_id, '') else '' end
        as key_merchant_id,
    inventory.merchant_id,
    inventory.merchant_name,
    resolved_brands.brand,
    inventory.category_code,
    resolved_categories.category,
    inventory.serial_number,
    inventory.vendor,
    inventory.model,
    resolved_models.model_contactless,
    inventory.license_code,
    inventory.device_type,
    inventory.status,
    inventory.use,
    inventory.connection,
    case
        when inventory.status = 'unknown' then 'unknown'
        when inventory.status = 'in_service' then
            case
                when inventory.installed_on > settings.snapshot_date then 'unknown'
                when inventory.removed_on <= settings.snapshot_date then 'unknown'
                else 'yes'
            end
        when inventory.status = 'removed' and inventory.removed_on > settings.snapshot_date
            then 'unknown'
        when inventory.status = 'pending' and inventory.installed_on <= settings.snapshot_date
            then 'unknown'
        else 'no'
    end as in_service,
    inventory.installed_on,
    inventory.removed_on,
    inventory.updated_at,
    inventory.country,
    coalesce(resolved_regions.region, 'none') as region,
    inventory.contactless_flag,
    inventory.contactless_parameter,
    inventory.no_pin_flag,
    inventory.no_pin_parameter,
    inventory.mobile_flag,
    inventory.qr_flag,
    inventory.is_registered,
    inventory.transaction_count,
    inventory.contactless_transaction_count,
    inventory.mobile_contactless_transaction_count,
    inventory.entry_modes,
    inventory.last_transaction_on
from named_inventory as inventory
cross join settings
inner join deliveries
    on inventory.delivery = deliveries.delivery
left join resolved_acquirers
    on coalesce(inventory.acquirer_raw, deliveries.default_acquirer, '')
        = resolved_acquirers.acquirer_raw
left join resolved_regions
    on inventory.region_raw = resolved_regions.region_raw
    and inventory.country is not distinct from resolved_regions.country
    and inventory.region_scheme is not distinct from resolved_regions.region_scheme
left join resolved_categories
    on inventory.category_code = resolved_categories.category_code
left join resolved_models
    on inventory.vendor is not distinct from resolved_models.vendor
    and inventory.model = resolved_models.model
left join resolved_brands
    on inventory.brand_alias = resolved_brands.alias
