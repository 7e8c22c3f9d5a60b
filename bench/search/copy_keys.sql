INSERT INTO search_keys
SELECT concat(key, toString(n)), concat(complaint_id, '~', toString(n))
FROM search_keys
ARRAY JOIN range({first:UInt64}, {last:UInt64}) AS n
WHERE position(complaint_id, '~') = 0
