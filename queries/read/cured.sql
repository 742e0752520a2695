-- cured:  one row per reject of an earlier export that the export in its place does not have
-- reads:  earlier_rejects, later_rejects (one row per reject of each export), earlier_inventory,
--         later_inventory (one row per terminal's row of each export)
-- not for: rows that are no terminals; there is nothing to cure in them
with

earlier as (
    select
        earlier_rejects.source_line,
        earlier_rejects.class,
        earlier_rejects.reason,
        coalesce(earlier_rejects.column_name, '') as column_name,
        earlier_rejects.header,
        earlier_rejects.value,
        earlier_inventory.terminal_id,
        case
            when earlier_rejects.class = 'field' then earlier_inventory.terminal_id
            else coalesce(earlier_rejects.value, earlier_rejects.raw_text, '')
        end as subject
    from earlier_rejects
    left join earlier_inventory
        on earlier_rejects.source_line = earlier_inventory.source_line
        and earlier_rejects.class = 'field'
    where earlier_rejects.class <> 'not_terminal'
),

later as (
    select
        later_rejects.class,
        later_rejects.reason,
        coalesce(later_rejects.column_name, '') as column_name,
        case
            when later_rejects.class = 'field' then later_inventory.terminal_id
            else coalesce(later_rejects.value, later_rejects.raw_text, '')
        end as subject
    from later_rejects
    left join later_inventory
        on later_rejects.source_line = later_inventory.source_line
        and later_rejects.class = 'field'
    where later_rejects.class <> 'not_terminal'
),

still as (
    select
        class,
        reason,
        column_name,
        subject
    from later
    group by class, reason, column_name, subject
),

later_terminals as (
    select terminal_id
    from later_inventory
    group by terminal_id
),

final as (
    select
        earlier.source_line,
        earlier.class,
        earlier.reason,
        earlier.header,
        earlier.value,
        earlier.terminal_id,
        case
            when earlier.class <> 'field' then 'not_rejected'
            when later_terminals.terminal_id is null then 'terminal_gone'
            else 'corrected'
        end as outcome
    from earlier
    left join still
        on earlier.class = still.class
        and earlier.reason = still.reason
        and earlier.column_name = still.column_name
        and earlier.subject = still.subject
    left join later_terminals
        on earlier.terminal_id = later_terminals.terminal_id
    where still.reason is null
)

select * from final
order by source_line, reason, header
