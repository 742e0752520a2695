-- scattered: one row per merchant that lies in several places, and place: the union of the states
--            of its terminals there.
-- reads:  merchants (one row per merchant), merchant_members (one row per terminal that the default
--         population may count)
with

several as (
    select
        acquirer_number,
        merchant_id
    from merchants
    where first_region <> last_region
        or first_brand <> last_brand
        or first_category <> last_category
)

select
    merchant_members.acquirer_number,
    merchant_members.merchant_id,
    merchant_members.region_number,
    merchant_members.brand_number,
    merchant_members.category_number,
    bitwise_or_agg(merchant_members.state) as states
from merchant_members
inner join several
    on merchant_members.acquirer_number = several.acquirer_number
    and merchant_members.merchant_id = several.merchant_id
group by
    merchant_members.acquirer_number,
    merchant_members.merchant_id,
    merchant_members.region_number,
    merchant_members.brand_number,
    merchant_members.category_number
