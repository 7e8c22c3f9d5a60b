SELECT bus_time, backfill, raw
FROM events
WHERE k_topic = {topic:String}
ORDER BY k_partition, k_offset
