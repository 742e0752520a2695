-- scattered: one row per merchant that lies in several places, and place: the union of the states
--            of its terminals there. The merchants are numbered for as long as they are counted.
-- reads:  owners (one row per merchant), merchant_members (one row per terminal that the default
--         population may count)
with

several as (
    select
        acquirer_number,
        merchant_id,
        row_number() over () as merchant_number
    from owners
    where first_region <> last_region
        or first_brand <> last_brand
        or first_category <> last_category
)

select
    several.acquirer_number,
    several.merchant_number,
    merchant_members.region_number,
    merchant_members.brand_number,
    merchant_members.category_number,
    bitwise_or_agg(merchant_members.state) as states
from merchant_members
inner join several
    on merchant_members.acquirer_number = several.acquirer_number
    and merchant_members.merchant_id = several.merchant_id
group by
    several.acquirer_number,
    several.merchant_number,
    merchant_members.region_number,
    merchant_members.brand_number,
    merchant_members.category_number
