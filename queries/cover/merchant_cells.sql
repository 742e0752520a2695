-- merchant_cells: one row per merchant, place and device: the union of the states of its
--                 terminals there.
-- reads:  merchant_members (one row per terminal of the merchants at hand), places, devices (one
--         row per combination of dimensions)
select
    merchant_members.acquirer_id,
    merchant_members.merchant_id,
    places.place,
    devices.device,
    bitwise_or_agg(merchant_members.state) as states
from merchant_members
inner join places
    on merchant_members.region = places.region
    and merchant_members.brand = places.brand
    and merchant_members.category = places.category
inner join devices
    on merchant_members.vendor = devices.vendor
    and merchant_members.model = devices.model
    and merchant_members.device_type = devices.device_type
group by
    merchant_members.acquirer_id,
    merchant_members.merchant_id,
    places.place,
    devices.device
