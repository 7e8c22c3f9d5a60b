SELECT k_topic, k_partition, k_offset, bus_time, backfill, complaint_id, raw
FROM events
WHERE complaint_id > {after:String} AND complaint_id <= {up_to:String}
ORDER BY complaint_id
