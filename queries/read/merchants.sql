-- merchants: one row per snapshot, acquirer and merchant with an id: its networked terminals under
--            the reading declared.
-- reads:  merchant_files (one row per snapshot and merchant, as counted for the cube)
-- not for: companies; a merchant is a contract with one acquirer
select
    edition,
    snapshot_date,
    acquirer_id,
    merchant_id,
    merchant_name,
    brand,
    category,
    region,
    cast(terminal_count as bigint) as terminal_count,
    cast(yes_count as bigint) as yes_count,
    cast(no_count as bigint) as no_count,
    cast(terminal_count - yes_count - no_count as bigint) as unknown_count,
    cast(undecided_count as bigint) as undecided_count
from merchant_files
