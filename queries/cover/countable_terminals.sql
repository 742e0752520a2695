-- countable_terminals: one row per cell of terminals.
-- reads:  cells (one row per finest grain)
select
    'terminal' as kind,
    cast(null as integer) as owner,
    cast(null as varchar) as entity,
    region_number,
    acquirer_number,
    brand_number,
    category_number,
    device_number,
    membership,
    state as states,
    is_carried,
    is_shared_device,
    terminal_count as amount,
    merchant_none_count,
    transaction_count,
    contactless_transaction_count
from cells
