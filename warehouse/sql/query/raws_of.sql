SELECT k_topic, k_partition, k_offset, complaint_id, raw
FROM events
WHERE complaint_id IN ({ids:Array(String)})
ORDER BY k_topic, k_partition, k_offset
