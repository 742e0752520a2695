-- devices: one row per vendor, model and device type that occur together, numbered.
-- reads:  members (one row per terminal that some population may count; no dimension is null)
select
    cast(row_number() over (
        order by vendor, model, device_type
    ) as integer) as device,
    vendor,
    model,
    device_type
from members
group by
    vendor,
    model,
    device_type
