-- unresolved: one row per source, attribute and value that the reference data could not place.
-- what:  Which regions, acquirers, merchants and serial numbers are missing or not known?
-- topic: quality
-- reads: terminals
-- limit: 100
-- param snapshot snapshot = newest: the day whose estate is asked about
-- columns of terminals: source
-- column attribute: region, acquirer_id, merchant_id, category or serial_number
-- column value: none, or the value of another scheme: SCHEME:VALUE of a region, raw:TEXT of an
--     acquirer
-- column terminal_count: networked terminals
with

params as (
    select
        cast(? as date) as snapshot_date
),

counted as (
    select
        terminals.source,
        terminals.region,
        terminals.acquirer_id,
        terminals.merchant_id,
        terminals.category,
        terminals.has_serial
    from terminals
    inner join params
        on terminals.snapshot_date = params.snapshot_date
    where coalesce(terminals.is_networked, true)
),

attributes as (
    select
        source,
        'region' as attribute,
        region as value,
        count(*) as terminal_count
    from counted
    where region = 'none'
        or strpos(region, ':') > 0
    group by
        source,
        region
    union all
    select
        source,
        'acquirer_id' as attribute,
        acquirer_id as value,
        count(*) as terminal_count
    from counted
    where acquirer_id = 'none'
        or strpos(acquirer_id, ':') > 0
    group by
        source,
        acquirer_id
    union all
    select
        source,
        'merchant_id' as attribute,
        'none' as value,
        count(*) as terminal_count
    from counted
    where merchant_id is null
    group by source
    union all
    select
        source,
        'category' as attribute,
        'none' as value,
        count(*) as terminal_count
    from counted
    where category is null
    group by source
    union all
    select
        source,
        'serial_number' as attribute,
        'none' as value,
        count(*) as terminal_count
    from counted
    where not has_serial
    group by source
)

select * from attributes
order by
    terminal_count desc,
    source,
    attribute,
    value
