-- merchants_to_ask: one row per merchant with terminals of unknown state, the most first.
-- what:  Which merchants are to be asked first, to narrow the bounds?
-- topic: merchants
-- reads: merchants, regions
-- not for: companies; a merchant is a contract with one acquirer
-- limit: 50
-- shown: acquirer_id, merchant_id, merchant_name, region_name, terminal_count, yes_count,
--     no_count, unknown_count
-- param snapshot snapshot = newest: the day whose estate is asked about
-- param acquirer text = all: only this acquirer, by its number
-- param province text = all: only this province, by its code such as 350000
-- param min_terminals integer = 1: only merchants with at least so many terminals
-- columns of merchants: acquirer_id, merchant_id, merchant_name, brand, category, region
-- column region_name: name of that region, where table regions has it
-- columns of merchants: terminal_count, yes_count, no_count, unknown_count
with

params as (
    select
        cast(? as date) as snapshot_date,
        cast(? as varchar) as acquirer_id,
        cast(? as varchar) as province,
        cast(? as bigint) as min_terminals
)

select
    merchants.acquirer_id,
    merchants.merchant_id,
    merchants.merchant_name,
    merchants.brand,
    merchants.category,
    merchants.region,
    regions.name as region_name,
    merchants.terminal_count,
    merchants.yes_count,
    merchants.no_count,
    merchants.unknown_count
from merchants
inner join params
    on merchants.snapshot_date = params.snapshot_date
    and params.acquirer_id in ('all', merchants.acquirer_id)
left join regions
    on merchants.region = regions.region
where merchants.unknown_count > 0
    and merchants.terminal_count >= params.min_terminals
    and (params.province = 'all' or regions.province = params.province)
order by
    merchants.unknown_count desc,
    merchants.terminal_count desc,
    merchants.acquirer_id,
    merchants.merchant_id
