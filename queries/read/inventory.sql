-- inventory: one row per accepted row of an export, with what the numbers of its traits stand for.
-- reads:  inventory_rows (one row per accepted row: what is its own, and the numbers of its place,
--         device and terms), inventory_traits (one row per delivery, kind and number)
-- not for: counting terminals; the same one may stand on several rows
-- Every row has its traits. The joins are left ones all the same: an engine may join inner ones in
-- any order, and the traits of one file with each other are more than all its rows. Source and
-- snapshot follow from the delivery; that they are equal too lets a question about one source or
-- one month be asked of the traits as well.
select
    inventory_rows.*,
    places.country,
    places.region_scheme,
    places.region_raw,
    devices.vendor,
    devices.model,
    devices.device_type,
    terms.acquirer_raw,
    terms.category_code,
    terms.status,
    terms.use,
    terms.connection,
    terms.contactless_flag,
    terms.contactless_parameter,
    terms.no_pin_flag,
    terms.no_pin_parameter,
    terms.mobile_flag,
    terms.qr_flag,
    terms.is_registered,
    terms.entry_modes
from inventory_rows
left join inventory_traits as places
    on inventory_rows.delivery_number = places.delivery_number
    and inventory_rows.source = places.source
    and inventory_rows.snapshot_date = places.snapshot_date
    and inventory_rows.place = places.number
    and places.kind = 'place'
left join inventory_traits as devices
    on inventory_rows.delivery_number = devices.delivery_number
    and inventory_rows.source = devices.source
    and inventory_rows.snapshot_date = devices.snapshot_date
    and inventory_rows.device = devices.number
    and devices.kind = 'device'
left join inventory_traits as terms
    on inventory_rows.delivery_number = terms.delivery_number
    and inventory_rows.source = terms.source
    and inventory_rows.snapshot_date = terms.snapshot_date
    and inventory_rows.terms = terms.number
    and terms.kind = 'terms'
