-- others: the inventory rows that are no suspects: each is a terminal.
-- reads:  delivered (the rows in force), judged_suspects (one row per suspect)
select delivered.*
from delivered
where not exists (
    select 1
    from judged_suspects
    where judged_suspects.source_row = delivered.source_row
)
