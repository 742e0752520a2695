-- terms: one row per number of terms: who acquires, under which category and status,
--        what is flagged, and what the profile of the delivery says of all its rows.
-- reads:  traits (one row per delivery, kind and number), deliveries (one row per inventory in
--         force), resolved_acquirers, resolved_categories (one row per distinct raw value)
select
    traits.delivery * settings.trait_count + traits.number as terms,
    deliveries.export_id,
    deliveries.authority,
    deliveries.is_carried,
    deliveries.is_keyed_by_merchant,
    deliveries.contactless_scheme,
    deliveries.mobile_is,
    deliveries.no_pin_scope,
    resolved_acquirers.acquirer_id,
    cast(dense_rank() over (
        order by resolved_acquirers.acquirer_id
    ) as integer) as acquirer_number,
    traits.category_code,
    resolved_categories.category,
    cast(dense_rank() over (
        order by resolved_categories.category
    ) as integer) as category_number,
    traits.status,
    traits.use,
    traits.connection,
    traits.contactless_flag,
    traits.contactless_parameter,
    traits.no_pin_flag,
    traits.no_pin_parameter,
    traits.mobile_flag,
    traits.qr_flag,
    traits.is_registered,
    traits.entry_modes
from traits
cross join settings
inner join deliveries
    on traits.delivery = deliveries.delivery
left join resolved_acquirers
    on coalesce(traits.acquirer_raw, deliveries.default_acquirer, '')
        = resolved_acquirers.acquirer_raw
left join resolved_categories
    on traits.category_code = resolved_categories.category_code
where traits.kind = 'terms'
