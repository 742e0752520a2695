-- terminals: one row per terminal and snapshot, with what is known of its acceptance, and the
--            file and line that its attributes come from.
-- reads:  settled (one row per terminal and snapshot, with its edition), snapshot_members (one row
--         per snapshot and inventory in force)
-- not for: counting by hand; a population decides what is counted (see coverage)
select
    settled.edition,
    settled.snapshot_date,
    settled.acquirer_id,
    settled.terminal_id,
    settled.merchant_id,
    settled.merchant_name,
    settled.brand,
    settled.category_code,
    settled.category,
    settled.serial_number,
    settled.vendor,
    settled.model,
    settled.license_code,
    settled.device_type,
    settled.status,
    settled.use,
    settled.connection,
    settled.in_service,
    settled.installed_on,
    settled.removed_on,
    settled.country,
    settled.region,
    settled.contactless_flag,
    settled.mobile_flag,
    settled.qr_flag,
    settled.is_registered,
    settled.transaction_count,
    settled.contactless_transaction_count,
    settled.last_transaction_on,
    case
        when bitwise_and(settled.state, 21) <> 0 then 'yes'
        when bitwise_and(settled.state, 42) <> 0 then 'no'
        else 'unknown'
    end as acceptance,
    case
        when bitwise_and(settled.state, 5) <> 0 then 'yes'
        when bitwise_and(settled.state, 10) <> 0 then 'no'
        else 'unknown'
    end as acceptance_strict,
    case
        when bitwise_and(settled.state, 85) <> 0 then 'yes'
        when bitwise_and(settled.state, 170) <> 0 then 'no'
        else 'unknown'
    end as acceptance_inferred,
    settled.tier,
    settled.rule,
    settled.is_conflict,
    settled.is_contradiction,
    settled.is_carried,
    settled.row_count,
    snapshot_members.source,
    snapshot_members.source_file,
    settled.source_line,
    snapshot_members.export_id
from settled
inner join snapshot_members
    on settled.snapshot_date = snapshot_members.snapshot_date
    and settled.delivery = snapshot_members.delivery
