-- collapsed_counts: one row per terminal, merchant, month and card scheme of one export whose rows
--                   count transactions, with the first and the last of its lines.
-- reads:  arrow_source (one row per accepted row of the export, as conform gives it)
-- not for: adding up exports; a later one may tell the same month again
with

by_modes as (
    select
        acquirer_raw,
        terminal_id,
        merchant_id,
        cast(date_trunc('month', month) as date) as month,
        nullif(card_scheme, 'unknown') as card_scheme,
        entry_modes,
        sum(transaction_count) as transaction_count,
        sum(contactless_transaction_count) as tap_count,
        sum(offline_contactless_transaction_count) as offline_tap_count,
        sum(mobile_contactless_transaction_count) as mobile_count,
        sum(apple_pay_transaction_count) as apple_pay_count,
        sum(hce_transaction_count) as hce_count,
        sum(samsung_pay_transaction_count) as samsung_pay_count,
        max(last_transaction_on) as last_transaction_on,
        min(source_line) as first_line,
        max(source_line) as last_line,
        count(*) as row_count
    from arrow_source
    group by
        acquirer_raw,
        terminal_id,
        merchant_id,
        date_trunc('month', month),
        card_scheme,
        entry_modes
)

select
    acquirer_raw,
    terminal_id,
    merchant_id,
    month,
    card_scheme,
    cast(sum(transaction_count) as bigint) as transaction_count,
    cast(sum(tap_count) as bigint) as contactless_transaction_count,
    cast(sum(offline_tap_count) as bigint) as offline_contactless_transaction_count,
    cast(sum(mobile_count) as bigint) as mobile_contactless_transaction_count,
    case
        when count(apple_pay_count) + count(hce_count) + count(samsung_pay_count) > 0 then cast(
            coalesce(sum(apple_pay_count), 0) + coalesce(sum(hce_count), 0)
            + coalesce(sum(samsung_pay_count), 0) as bigint
        )
    end as wallet_transaction_count,
    cast(null as bigint) as capable_transaction_count,
    string_agg(entry_modes, ' ' order by entry_modes) as entry_modes,
    max(last_transaction_on) as last_transaction_on,
    min(first_line) as source_line,
    max(last_line) as last_line,
    cast(sum(row_count) as bigint) as row_count
from by_modes
group by
    acquirer_raw,
    terminal_id,
    merchant_id,
    month,
    card_scheme
