-- collapsed_counts: one row per terminal, merchant, month, card scheme and list of entry modes of
--                   one export whose rows count transactions, with the first and the last of its
--                   lines.
-- reads:  arrow_source (one row per accepted row of the export, as conform gives it)
-- not for: adding up exports; a later one may tell the same month again
with

collapsed as (
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
        min(source_line) as source_line,
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
    cast(transaction_count as bigint) as transaction_count,
    cast(tap_count as bigint) as contactless_transaction_count,
    cast(offline_tap_count as bigint) as offline_contactless_transaction_count,
    cast(mobile_count as bigint) as mobile_contactless_transaction_count,
    cast(
        case
            when coalesce(apple_pay_count, hce_count, samsung_pay_count) is null then null
            else coalesce(apple_pay_count, 0) + coalesce(hce_count, 0)
                + coalesce(samsung_pay_count, 0)
        end as bigint
    ) as wallet_transaction_count,
    cast(null as bigint) as capable_transaction_count,
    entry_modes,
    last_transaction_on,
    source_line,
    last_line,
    row_count
from collapsed
