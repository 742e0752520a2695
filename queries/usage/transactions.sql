-- collapsed_transactions: one row per terminal, merchant, month and card scheme of one export whose
--                         rows are transactions, with the first and the last of its lines.
-- reads:  arrow_source (one row per transaction, as conform gives it)
-- not for: adding up exports; a later one may tell the same transactions again
-- Entry modes are gathered as bits: text that grows cannot leave the memory while groups are made.
with

collapsed as (
    select
        acquirer_raw,
        terminal_id,
        merchant_id,
        cast(date_trunc('month', coalesce(transacted_on, month)) as date) as month,
        nullif(card_scheme, 'unknown') as card_scheme,
        count(*) as row_count,
        count(*) filter (where entry in ('contactless', 'mobile')) as tap_count,
        count(*) filter (where entry = 'mobile') as phone_tap_count,
        count(*) filter (where terminal_capability = '6') as capable_count,
        bitwise_or_agg(
            case substr(entry_mode, 1, 2)
                when '01' then 1
                when '02' then 2
                when '03' then 4
                when '04' then 8
                when '05' then 16
                when '07' then 32
                when '91' then 64
                when '95' then 128
                when '96' then 256
                when '98' then 512
                else case when entry_mode is null then 0 else 1024 end
            end
        ) as modes,
        max(transacted_on) as last_transaction_on,
        min(source_line) as source_line,
        max(source_line) as last_line
    from arrow_source
    group by
        acquirer_raw,
        terminal_id,
        merchant_id,
        date_trunc('month', coalesce(transacted_on, month)),
        card_scheme
)

select
    acquirer_raw,
    terminal_id,
    merchant_id,
    month,
    card_scheme,
    row_count as transaction_count,
    tap_count as contactless_transaction_count,
    cast(null as bigint) as offline_contactless_transaction_count,
    cast(null as bigint) as mobile_contactless_transaction_count,
    phone_tap_count as wallet_transaction_count,
    capable_count as capable_transaction_count,
    nullif(
        trim(
            case when bitwise_and(modes, 1) > 0 then '01 ' else '' end
            || case when bitwise_and(modes, 2) > 0 then '02 ' else '' end
            || case when bitwise_and(modes, 4) > 0 then '03 ' else '' end
            || case when bitwise_and(modes, 8) > 0 then '04 ' else '' end
            || case when bitwise_and(modes, 16) > 0 then '05 ' else '' end
            || case when bitwise_and(modes, 32) > 0 then '07 ' else '' end
            || case when bitwise_and(modes, 64) > 0 then '91 ' else '' end
            || case when bitwise_and(modes, 128) > 0 then '95 ' else '' end
            || case when bitwise_and(modes, 256) > 0 then '96 ' else '' end
            || case when bitwise_and(modes, 512) > 0 then '98 ' else '' end
            || case when bitwise_and(modes, 1024) > 0 then 'other' else '' end
        ), ''
    ) as entry_modes,
    last_transaction_on,
    source_line,
    last_line,
    row_count
from collapsed
