-- usage_evidence: one row per terminal, merchant ('' where usage does not tell it) and way of
--                 reading it, with what its transactions in the window say, in the columns that
--                 rules know.
-- reads:  usage_files (one row per terminal, merchant, month and card scheme of an export), usages
--         (one row per export of usage), usage_months (one row per export and month that counts),
--         resolved_usage_acquirers (one row per raw value), settings (one row)
with

usage_rows as (
    select
        resolved_usage_acquirers.acquirer_id,
        usage_files.terminal_id,
        coalesce(usage_files.merchant_id, '') as merchant_id,
        coalesce(usage_files.card_scheme, usages.contactless_scheme) as contactless_scheme,
        usages.mobile_is,
        settings.snapshot_date,
        usage_files.transaction_count,
        case
            when usages.is_online_capable then coalesce(
                usage_files.contactless_transaction_count
                + usage_files.offline_contactless_transaction_count,
                usage_files.contactless_transaction_count,
                usage_files.offline_contactless_transaction_count
            )
            else usage_files.contactless_transaction_count
        end as contactless_transaction_count,
        usage_files.mobile_contactless_transaction_count as mobile_count,
        usage_files.wallet_transaction_count as wallet_count,
        case when usages.is_counted then usage_files.entry_modes end as entry_modes,
        case
            when usage_files.last_transaction_on <= settings.snapshot_date
                then usage_files.last_transaction_on
            when coalesce(
                usage_files.transaction_count, usage_files.contactless_transaction_count,
                usage_files.mobile_contactless_transaction_count
            ) > 0 then usage_files.month
        end as last_transaction_on
    from usage_files
    cross join settings
    inner join usages
        on usage_files.usage = usages.usage
    inner join usage_months
        on usage_files.usage = usage_months.usage
        and usage_files.month = usage_months.month
    inner join resolved_usage_acquirers
        on coalesce(usage_files.acquirer_raw, '') = resolved_usage_acquirers.acquirer_raw
    where usage_files.last_transaction_on <= settings.snapshot_date
        or usage_files.month
            < cast(date_trunc('month', settings.snapshot_date + interval '1' day) as date)
),

sums as (
    select
        acquirer_id,
        terminal_id,
        merchant_id,
        contactless_scheme,
        mobile_is,
        snapshot_date,
        entry_modes,
        cast(sum(transaction_count) as bigint) as transaction_count,
        cast(sum(contactless_transaction_count) as bigint) as contactless_transaction_count,
        cast(sum(mobile_count) as bigint) as mobile_count,
        cast(sum(wallet_count) as bigint) as wallet_count,
        max(last_transaction_on) as last_transaction_on
    from usage_rows
    group by
        acquirer_id,
        terminal_id,
        merchant_id,
        contactless_scheme,
        mobile_is,
        snapshot_date,
        entry_modes
)

select
    acquirer_id,
    terminal_id,
    merchant_id,
    'unknown' as contactless_flag,
    'unknown' as contactless_parameter,
    'unknown' as no_pin_flag,
    'unknown' as no_pin_parameter,
    'unknown' as mobile_flag,
    'unknown' as qr_flag,
    transaction_count,
    contactless_transaction_count,
    case when wallet_count > 0 then wallet_count else mobile_count end
        as mobile_contactless_transaction_count,
    entry_modes,
    contactless_scheme,
    case when wallet_count > 0 then 'nfc' else mobile_is end as mobile_is,
    cast(null as varchar) as no_pin_scope,
    cast(null as varchar) as model_contactless,
    cast(null as varchar) as vendor,
    cast(null as varchar) as model,
    cast(null as varchar) as license_code,
    'unknown' as device_type,
    'unknown' as status,
    cast(null as date) as installed_on,
    snapshot_date,
    last_transaction_on
from sums
