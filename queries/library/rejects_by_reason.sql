-- rejects_by_reason: one row per source, class and reason, the most frequent first.
-- what:  What could not be read, from whom, and why?
-- topic: quality
-- reads: rejects
-- shown: source, class, reason, reject_count, example
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param source text = all: only what this source delivered
-- columns of rejects: source, class, reason, column_name
-- column reject_count: rows set aside, or damaged fields
-- column example: file and line of one of them, the first in byte order
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as source
),

found as (
    select
        rejects.source,
        rejects.class,
        rejects.reason,
        rejects.column_name,
        rejects.source_file || ':' || cast(rejects.source_line as varchar) as place
    from rejects
    inner join params
        on rejects.snapshot_date = params.snapshot_date
        and params.source in ('all', rejects.source)
    where rejects.state = 'in_force'
)

select
    source,
    class,
    reason,
    column_name,
    count(*) as reject_count,
    min(place) as example
from found
group by
    source,
    class,
    reason,
    column_name
order by
    reject_count desc,
    source,
    class,
    reason,
    column_name nulls last
