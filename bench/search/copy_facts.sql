-- Copies of every fact of the simulator under ids of their own, spread over the years before. An original has no ~.
INSERT INTO complaints
SELECT complaints.* REPLACE (
    concat(complaint_id, '~', toString(n)) AS complaint_id,
    registered_at - toIntervalSecond(n * {step:UInt64}) AS registered_at)
FROM complaints
ARRAY JOIN range({first:UInt64}, {last:UInt64}) AS n
WHERE position(complaint_id, '~') = 0
SETTINGS max_partitions_per_insert_block = 0, prefer_column_name_to_alias = 1
