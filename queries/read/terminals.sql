-- terminals: one row per terminal and snapshot, with what is known of its acceptance, and the
--            file and line that its attributes come from.
-- reads:  networked_terminals (one row per terminal and snapshot, with its edition and whether it
--         is networked), snapshot_members (one row per snapshot and inventory in force)
-- not for: counting without is_networked; a population decides what is counted (see coverage)
select
    networked_terminals.edition,
    networked_terminals.snapshot_date,
    networked_terminals.acquirer_id,
    networked_terminals.terminal_id,
    networked_terminals.merchant_id,
    networked_terminals.merchant_name,
    networked_terminals.brand,
    networked_terminals.category_code,
    networked_terminals.category,
    networked_terminals.has_serial,
    networked_terminals.shared_serial_number,
    networked_terminals.serial_terminal_count,
    networked_terminals.vendor,
    networked_terminals.model,
    networked_terminals.license_code,
    networked_terminals.device_type,
    networked_terminals.status,
    networked_terminals.use,
    networked_terminals.connection,
    networked_terminals.in_service,
    case when networked_terminals.device_type = 'barcode' then false
        else networked_terminals.is_networked end as is_networked,
    networked_terminals.installed_on,
    networked_terminals.removed_on,
    networked_terminals.country,
    networked_terminals.region,
    networked_terminals.contactless_flag,
    networked_terminals.mobile_flag,
    networked_terminals.qr_flag,
    networked_terminals.is_registered,
    networked_terminals.transaction_count,
    networked_terminals.contactless_transaction_count,
    networked_terminals.last_transaction_on,
    case
        when bitwise_and(networked_terminals.state, 21) <> 0 then 'yes'
        when bitwise_and(networked_terminals.state, 42) <> 0 then 'no'
        else 'unknown'
    end as acceptance,
    case
        when bitwise_and(networked_terminals.state, 5) <> 0 then 'yes'
        when bitwise_and(networked_terminals.state, 10) <> 0 then 'no'
        else 'unknown'
    end as acceptance_strict,
    case
        when bitwise_and(networked_terminals.state, 85) <> 0 then 'yes'
        when bitwise_and(networked_terminals.state, 170) <> 0 then 'no'
        else 'unknown'
    end as acceptance_inferred,
    networked_terminals.tier,
    networked_terminals.rule,
    networked_terminals.is_conflict,
    networked_terminals.is_contradiction,
    networked_terminals.is_carried,
    networked_terminals.row_count,
    snapshot_members.source,
    snapshot_members.source_file,
    networked_terminals.source_line,
    snapshot_members.export_id
from networked_terminals
inner join snapshot_members
    on networked_terminals.snapshot_date = snapshot_members.snapshot_date
    and networked_terminals.delivery = snapshot_members.delivery
