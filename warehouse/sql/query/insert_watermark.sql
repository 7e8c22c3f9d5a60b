INSERT INTO watermarks (worker, k_topic, k_partition, next_offset)
VALUES ({worker:String}, {topic:String}, {partition:UInt32}, {next:UInt64})
