-- settled_terminals: one row per terminal of one snapshot, judged, and where it came from: delivery
--                    counts the members of the snapshot from 0, in the order of the manifest. The
--                    columns …_number are what the cube groups by.
-- reads:  united_others, united_suspects (one row per terminal that only one row speaks of, and one
--         per terminal that several may), outcomes (one row per evidence mask), services (one row
--         per number), rules (one row per acceptance rule)
with

judged as (
    select * from united_others
    union all
    select * from united_suspects
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
    judged.serial_number is not null as has_serial,
    case when judged.serial_terminal_count is not null then judged.serial_number end
        as shared_serial_number,
    judged.serial_terminal_count,
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
    outcomes.state,
    outcomes.tier,
    rules.rule,
    outcomes.is_conflict,
    outcomes.is_contradiction,
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
inner join outcomes
    on judged.evidence = outcomes.evidence
inner join services
    on judged.service = services.service
inner join rules
    on judged.rule_place = rules.place
