SELECT k_partition, max(next_offset) AS next_offset
FROM watermarks
WHERE worker = {worker:String} AND k_topic = {topic:String}
GROUP BY k_partition
ORDER BY k_partition
