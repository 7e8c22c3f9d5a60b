SELECT k_topic, k_partition, k_offset, bus_time, backfill, complaint_id, raw
FROM events
WHERE complaint_id IN ({ids:Array(String)})
ORDER BY complaint_id, occurred_at, event_id, k_offset
