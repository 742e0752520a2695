-- settle_rows: one row per inventory row in force, with its references resolved. service says
--              whether the terminal was in service: 1 yes, 2 no, 3 unknown.
-- reads:  named_inventory (the rows in force), places, devices, terms (one row per number),
--         resolved_brands (one row per alias), settings (one row)
-- not for: counting; duplicates are still in
select
    inventory.delivery,
    inventory.source_line,
    inventory.source_row,
    terms.export_id,
    terms.authority,
    terms.is_carried,
    terms.contactless_scheme,
    terms.mobile_is,
    terms.no_pin_scope,
    settings.snapshot_date,
    terms.acquirer_id,
    terms.acquirer_number,
    inventory.terminal_id,
    case when terms.is_keyed_by_merchant then coalesce(inventory.merchant_id, '') else '' end
        as key_merchant_id,
    inventory.merchant_id,
    inventory.merchant_name,
    resolved_brands.brand,
    coalesce(resolved_brands.brand_number, 0) as brand_number,
    terms.category_code,
    terms.category,
    terms.category_number,
    inventory.serial_number,
    devices.vendor,
    devices.model,
    devices.model_contactless,
    inventory.license_code,
    devices.device_type,
    devices.device_number,
    terms.status,
    terms.use,
    terms.connection,
    case
        when terms.status = 'unknown' then 3
        when terms.status = 'in_service' then
            case
                when inventory.installed_on > settings.snapshot_date then 3
                when inventory.removed_on <= settings.snapshot_date then 3
                else 1
            end
        when terms.status = 'removed' and inventory.removed_on > settings.snapshot_date then 3
        when terms.status = 'pending' and inventory.installed_on <= settings.snapshot_date then 3
        else 2
    end as service,
    inventory.installed_on,
    inventory.removed_on,
    inventory.updated_at,
    places.country,
    places.region,
    places.region_number,
    terms.contactless_flag,
    terms.contactless_parameter,
    terms.no_pin_flag,
    terms.no_pin_parameter,
    terms.mobile_flag,
    terms.qr_flag,
    terms.is_registered,
    inventory.transaction_count,
    inventory.contactless_transaction_count,
    inventory.mobile_contactless_transaction_count,
    terms.entry_modes,
    inventory.last_transaction_on,
    bitwise_or(terms.fired, devices.fired) as known_fired
from named_inventory as inventory
cross join settings
inner join terms
    on inventory.terms = terms.terms
inner join devices
    on inventory.device = devices.device
inner join places
    on inventory.place = places.place
left join resolved_brands
    on inventory.brand_alias = resolved_brands.alias
