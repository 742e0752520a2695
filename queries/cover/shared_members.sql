-- shared_members: one row per terminal whose device several terminals share, with a number of the
--                 device for as long as it is counted.
-- reads:  members (one row per terminal that some population may count), device_keys (one row per
--         device)
with

shared as (
    select
        members.*,
        device_keys.vendor
    from members
    inner join device_keys
        on members.device_number = device_keys.device_number
    where members.is_shared_device
),

devices as (
    select
        vendor,
        shared_serial_number,
        row_number() over () as shared_device
    from shared
    group by
        vendor,
        shared_serial_number
)

select
    cast(devices.shared_device as integer) as shared_device,
    shared.region_number,
    shared.acquirer_number,
    shared.brand_number,
    shared.category_number,
    shared.device_number,
    shared.membership,
    shared.state,
    shared.is_carried
from shared
inner join devices
    on shared.vendor = devices.vendor
    and shared.shared_serial_number = devices.shared_serial_number
