-- known_suspects: the inventory rows that may not be alone with their terminal key or serial
--                 number, as they were found before.
-- reads:  delivered (the rows in force), suspect_rows (one row per suspect)
select delivered.*
from delivered
where exists (
    select 1
    from suspect_rows
    where suspect_rows.source_row = delivered.source_row
)
