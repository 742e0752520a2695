-- places: one row per region, brand and category that occur together, numbered.
-- reads:  placed_terminals (one row per settled terminal; no dimension is null)
select
    cast(row_number() over (
        order by region, brand, category
    ) as integer) as place,
    region,
    brand,
    category
from placed_terminals
group by
    region,
    brand,
    category
