-- settled_terminals: one row per terminal of one snapshot, judged, and where it came from: delivery
--                    counts the members of the snapshot from 0, in the order of the manifest. The
--                    columns …_number are what the cube groups by.
-- reads:  judged_rows (one row per inventory row in force), united_rows (one row per row of a
--         duplicated key), shared_rows (one row per row of a serial number on several terminals),
--         outcomes (one row per evidence mask), services (one row per number), rules (one row per
--         acceptance rule)
with

united as (
    select
        judged_rows.*,
        coalesce(united_rows.evidence, judged_rows.evidence) as united_evidence,
        coalesce(united_rows.fired, judged_rows.fired) as united_fired,
        coalesce(united_rows.row_count, 1) as row_count
    from judged_rows
    left join united_rows
        on judged_rows.delivery = united_rows.delivery
        and judged_rows.source_line = united_rows.source_line
    where coalesce(united_rows.is_kept, true)
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
    shared_rows.terminal_count as serial_terminal_count,
    judged.vendor,
    judged.model,
    judged.license_code,
    judged.device_type,
    judged.status,
    judged.use,
    judged.connection,
    services.in_service,
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
    judged.row_count,
    judged.delivery,
    judged.source_line,
    judged.region_number,
    judged.acquirer_number,
    judged.brand_number,
    judged.category_number,
    judged.device_number
from judged
inner join services
    on judged.service = services.service
left join rules
    on bitwise_and(judged.deciding_rules, -judged.deciding_rules) = rules.bit
left join shared_rows
    on judged.delivery = shared_rows.delivery
    and judged.source_line = shared_rows.source_line
