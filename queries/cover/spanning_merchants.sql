-- spanning_merchants: one row per merchant that lies in more than one cell, so that its cells
--                     cannot simply be added.
-- reads:  merchant_cells (one row per merchant and combination of dimensions)
select
    acquirer_id,
    merchant_id
from merchant_cells
group by
    acquirer_id,
    merchant_id
having count(*) > 1
