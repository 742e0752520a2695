-- collapsed_transactions: one row per terminal, merchant, month and card scheme of one export whose
--                         rows are transactions, with the first and the last of its lines.
-- reads:  arrow_source (one row per transaction, as conform gives it)
-- not for: adding up exports; a later one may tell the same transactions again
with

by_mode as (
    select
        acquirer_raw,
        terminal_id,
        merchant_id,
        cast(date_trunc('month', coalesce(transacted_on, month)) as date) as month,
        nullif(card_scheme, 'unknown') as card_scheme,
        entry_mode,
        count(*) as transaction_count,
        count(*) filter (where entry in ('contactless', 'mobile')) as tap_count,
        count(*) filter (where entry = 'mobile') as phone_tap_count,
        count(*) filter (where terminal_capability = '6') as capable_count,
        max(transacted_on) as last_transaction_on,
        min(source_line) as first_line,
        max(source_line) as last_line
    from arrow_source
    group by
        acquirer_raw,
        terminal_id,
        merchant_id,
        date_trunc('month', coalesce(transacted_on, month)),
        card_scheme,
        entry_mode
)

select
    acquirer_raw,
    terminal_id,
    merchant_id,
    month,
    card_scheme,
    cast(sum(transaction_count) as bigint) as transaction_count,
    cast(sum(tap_count) as bigint) as contactless_transaction_count,
    cast(null as bigint) as offline_contactless_transaction_count,
    cast(null as bigint) as mobile_contactless_transaction_count,
    cast(sum(phone_tap_count) as bigint) as wallet_transaction_count,
    cast(sum(capable_count) as bigint) as capable_transaction_count,
    string_agg(entry_mode, ' ' order by entry_mode) as entry_modes,
    max(last_transaction_on) as last_transaction_on,
    min(first_line) as source_line,
    max(last_line) as last_line,
    cast(sum(transaction_count) as bigint) as row_count
from by_mode
group by
    acquirer_raw,
    terminal_id,
    merchant_id,
    month,
    card_scheme
