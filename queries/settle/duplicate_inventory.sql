-- duplicate_inventory: the inventory rows, whole, whose terminal key stands on more than one.
-- reads:  inventory (the rows in force), duplicate_rows (one row per such row)
select inventory.*
from inventory
inner join duplicate_rows
    on inventory.delivery = duplicate_rows.delivery
    and inventory.source_line = duplicate_rows.source_line
