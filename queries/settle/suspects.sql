-- suspects: the inventory rows that may not be alone with their terminal key or serial number.
-- reads:  delivered (the rows in force), terms (one row per number), repeated_keys and
--         repeated_serials (one row per hash that more than one row has)
select delivered.*
from delivered
inner join terms
    on delivered.terms = terms.terms
where bitwise_xor(
    bitwise_xor(
        from_big_endian_64(xxhash64(to_utf8(delivered.terminal_id))),
        terms.acquirer_number
    ),
    case
        when terms.is_keyed_by_merchant
            then from_big_endian_64(xxhash64(to_utf8(coalesce(delivered.merchant_id, ''))))
        else 0
    end
) in (select key_hash from repeated_keys)
or from_big_endian_64(xxhash64(to_utf8(delivered.serial_number)))
    in (select serial_hash from repeated_serials)
