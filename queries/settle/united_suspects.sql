-- united_suspects: one row per terminal that a suspect stands for: the row that its attributes come
--                  from, with the rules that fire on any row of its key.
-- reads:  judged_suspects (one row per suspect), united_keys (one row per duplicated key),
--         shared_serials (one row per serial number on several terminals)
select
    judged_suspects.*,
    bitwise_or(judged_suspects.fired, coalesce(united_keys.fired, 0)) as united_fired,
    cast(coalesce(united_keys.row_count, 1) as integer) as row_count,
    shared_serials.terminal_count as serial_terminal_count
from judged_suspects
left join united_keys
    on judged_suspects.acquirer_id = united_keys.acquirer_id
    and judged_suspects.terminal_id = united_keys.terminal_id
    and judged_suspects.key_merchant_id = united_keys.key_merchant_id
left join shared_serials
    on judged_suspects.vendor is not distinct from shared_serials.vendor
    and judged_suspects.serial_number = shared_serials.serial_number
where coalesce(judged_suspects.source_row = united_keys.source_row, true)
