-- devices: one row per vendor, model and device type that occur together, numbered.
-- reads:  placed_terminals (one row per settled terminal; no dimension is null)
select
    cast(row_number() over (
        order by vendor, model, device_type
    ) as integer) as device,
    vendor,
    model,
    device_type
from placed_terminals
group by
    vendor,
    model,
    device_type
