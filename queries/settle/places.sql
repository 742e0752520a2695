-- places: one row per number of a place: its country and the finest region known.
-- reads:  traits (one row per delivery, kind and number), resolved_regions (one row per distinct
--         raw region)
select
    traits.delivery * settings.trait_count + traits.number as place,
    traits.country,
    coalesce(resolved_regions.region, 'none') as region,
    cast(dense_rank() over (
        order by coalesce(resolved_regions.region, 'none')
    ) as integer) as region_number
from traits
cross join settings
left join resolved_regions
    on traits.region_raw = resolved_regions.region_raw
    and traits.country is not distinct from resolved_regions.country
    and traits.region_scheme is not distinct from resolved_regions.region_scheme
where traits.kind = 'place'
