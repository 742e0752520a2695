-- settled_terminals: one row per terminal of one snapshot, judged, and where it came from: delivery
--                    counts the members of the snapshot from 0, in the order of the manifest.
-- reads:  judged_rows (one row per inventory row in force), united_keys (one row per duplicated
--         key), shared_serials (one row per serial number on several terminals), outcomes (one row
--         per evidence mask), rules (one row per acceptance rule)
with

united as (
    select
        judged_rows.*,
        coalesce(united_keys.evidence, judged_rows.evidence) as united_evidence,
        coalesce(united_keys.fired, judged_rows.fired) as united_fired,
        coalesce(united_keys.row_count, 1) as row_count
    from judged_rows
    left join united_keys
        on judged_rows.acquirer_id = united_keys.acquirer_id
        and judged_rows.terminal_id = united_keys.terminal_id
        and judged_rows.key_merchant_id = united_keys.key_merchant_id
    where united_keys.terminal_id is null
        or (
            judged_rows.delivery = united_keys.delivery
            and judged_rows.source_line = united_keys.source_line
        )
),

judged as (
    select
        united.*,
        outcomes.state,
        outcomes.tier,
        outcomes.is_conflict,
        outcomes.is_contradiction,
        bitwise_and(united.united_fired, outcomes.tier_rules) as deciding_rules
    from united
    inner join outcomes
        on united.united_evidence = outcomes.evidence
)

select
    judged.acquirer_id,
    judged.terminal_id,
    judged.merchant_id,
    judged.merchant_name,
    judged.brand,
    judged.category_code,
    judged.category,
    judged.serial_number,
    shared_serials.terminal_count as serial_terminal_count,
    judged.vendor,
    judged.model,
    judged.license_code,
    judged.device_type,
    judged.status,
    judged.use,
    judged.connection,
    judged.in_service,
    judged.installed_on,
    judged.removed_on,
    judged.country,
    judged.region,
    judged.contactless_flag,
    judged.mobile_flag,
    judged.qr_flag,
    judged.is_registered,
    judged.transaction_count,
    judged.contactless_transaction_count,
    judged.last_transaction_on,
    judged.state,
    judged.tier,
    rules.rule,
    judged.is_conflict,
    judged.is_contradiction,
    judged.is_carried,
    cast(judged.row_count as integer) as row_count,
    judged.delivery,
    judged.source_line
from judged
left join rules
    on bitwise_and(judged.deciding_rules, -judged.deciding_rules) = rules.bit
left join shared_serials
    on judged.vendor is not distinct from shared_serials.vendor
    and judged.serial_number = shared_serials.serial_number
