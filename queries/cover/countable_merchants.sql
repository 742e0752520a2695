-- countable_merchants: one row per place, or category, and number of merchants that lie nowhere
--                      else (kind merchants, amount counts them), and one per place and category of
--                      a merchant that lies in several (kind merchant).
-- reads:  owners (one row per merchant), scattered (one row per merchant in several places, and
--         place)
with

settled_down as (
    select
        first_region as region_number,
        acquirer_number,
        first_brand as brand_number,
        first_category as category_number,
        states,
        count(*) as amount
    from owners
    where first_region = last_region
        and first_brand = last_brand
        and first_category = last_category
    group by grouping sets (
        (first_region, acquirer_number, first_brand, states),
        (first_category, states)
    )
),

countables as (
    select
        'merchants' as kind,
        cast(null as integer) as owner,
        cast(null as varchar) as entity,
        region_number,
        acquirer_number,
        brand_number,
        category_number,
        states,
        amount
    from settled_down
    union all
    select
        'merchant' as kind,
        cast(merchant_number as integer) as owner,
        cast(null as varchar) as entity,
        region_number,
        acquirer_number,
        brand_number,
        category_number,
        states,
        1 as amount
    from scattered
)

select
    countables.*,
    cast(null as integer) as device_number,
    -1 as membership,
    false as is_carried,
    false as is_shared_device,
    cast(null as bigint) as merchant_none_count,
    cast(null as bigint) as transaction_count,
    cast(null as bigint) as contactless_transaction_count
from countables
