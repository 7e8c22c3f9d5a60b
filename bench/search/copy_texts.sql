INSERT INTO search_texts
SELECT before + n * {step:UInt64} * 1000, concat(complaint_id, '~', toString(n)), made + n, body, words
FROM search_texts
ARRAY JOIN range({first:UInt64}, {last:UInt64}) AS n
WHERE position(complaint_id, '~') = 0
SETTINGS max_partitions_per_insert_block = 0
