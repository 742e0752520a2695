-- flags_and_parameters: one row per source, declared flag and configured parameter of the rows in
--     force.
-- what:  Does what acquirers declare agree with how terminals are configured?
-- topic: evidence
-- reads: inventory
-- not for: counting terminals; duplicates are still in
-- param snapshot snapshot = newest: the day whose estate is asked about
-- columns of inventory: source, contactless_flag, contactless_parameter
-- column row_count: inventory rows of the snapshot, duplicates included
-- column is_conflict: one says yes and the other no
with

params as (
    select
        cast(? as date) as snapshot_date
)

select
    inventory.source,
    inventory.contactless_flag,
    inventory.contactless_parameter,
    count(*) as row_count,
    inventory.contactless_flag <> inventory.contactless_parameter
        and inventory.contactless_flag <> 'unknown'
        and inventory.contactless_parameter <> 'unknown' as is_conflict
from inventory
inner join params
    on inventory.snapshot_date = params.snapshot_date
where inventory.state = 'in_force'
group by
    inventory.source,
    inventory.contactless_flag,
    inventory.contactless_parameter
order by
    inventory.source,
    inventory.contactless_flag,
    inventory.contactless_parameter
