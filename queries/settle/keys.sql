-- row_keys: one row per inventory row in force: a hash of its terminal key and one of its serial
--           number. Rows of one key have one hash; rows of one hash may be of several keys.
-- reads:  delivered (the rows in force), terms (one row per number)
select
    delivered.source_row,
    bitwise_xor(
        bitwise_xor(
            from_big_endian_64(xxhash64(to_utf8(delivered.terminal_id))),
            terms.acquirer_number
        ),
        case
            when terms.is_keyed_by_merchant
                then from_big_endian_64(xxhash64(to_utf8(coalesce(delivered.merchant_id, ''))))
            else 0
        end
    ) as key_hash,
    from_big_endian_64(xxhash64(to_utf8(delivered.serial_number))) as serial_hash
from delivered
inner join terms
    on delivered.terms = terms.terms
