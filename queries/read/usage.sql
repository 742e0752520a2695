-- usage: one row per terminal, merchant, month and card scheme of one export of usage, with the
--        terminal's acquirer resolved.
-- reads:  usage_rows (one row per collapsed row of an export), usage_acquirers (one row per raw
--         value)
-- not for: adding up exports; of counts, the newest that tells a month stands for it
select
    usage_rows.*,
    coalesce(
        usage_acquirers.acquirer_id, 'raw:' || usage_rows.acquirer_raw, 'none'
    ) as acquirer_id
from usage_rows
left join usage_acquirers
    on usage_rows.acquirer_raw = usage_acquirers.acquirer_raw
