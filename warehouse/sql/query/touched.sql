SELECT DISTINCT complaint_id
FROM events
WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32} AND k_offset >= {from:UInt64} AND k_offset < {to:UInt64}
ORDER BY complaint_id
