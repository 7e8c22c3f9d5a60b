SELECT count() AS events, min(bus_time) AS since
FROM events
WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32} AND k_offset >= {from:UInt64}
