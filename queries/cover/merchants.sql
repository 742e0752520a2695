-- merchants: one row per merchant, numbered, with its first and last place and device, and the
--            union of the states of its terminals.
-- reads:  merchant_cells (one row per merchant, place and device)
select
    row_number() over () as merchant,
    acquirer_id,
    merchant_id,
    min(place) as first_place,
    max(place) as last_place,
    min(device) as first_device,
    max(device) as last_device,
    bitwise_or_agg(states) as states
from merchant_cells
group by
    acquirer_id,
    merchant_id
