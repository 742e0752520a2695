-- devices: one row per number of a device: its make, and what is known of the model.
-- reads:  traits (one row per delivery, kind and number), resolved_models (one row per distinct
--         vendor and model)
select
    traits.delivery * settings.trait_count + traits.number as device,
    traits.vendor,
    traits.model,
    traits.device_type,
    resolved_models.model_contactless,
    cast(dense_rank() over (
        order by traits.vendor, traits.model, traits.device_type
    ) as integer) as device_number
from traits
cross join settings
left join resolved_models
    on traits.vendor is not distinct from resolved_models.vendor
    and traits.model = resolved_models.model
where traits.kind = 'device'
