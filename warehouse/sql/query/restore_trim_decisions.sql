ALTER TABLE decisions DELETE WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32} AND block_start >= {from:UInt64}
