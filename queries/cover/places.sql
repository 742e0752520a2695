-- places: one row per region, brand and category that occur together, numbered.
-- reads:  members (one row per terminal that some population may count; no dimension is null)
select
    cast(row_number() over (
        order by region, brand, category
    ) as integer) as place,
    region,
    brand,
    category
from members
group by
    region,
    brand,
    category
