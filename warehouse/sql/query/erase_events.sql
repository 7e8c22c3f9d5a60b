-- No IN PARTITION: the engine writes a rewrite down with its parameters cast, cannot read a cast there after a crash, and then
-- does not open the table.
ALTER TABLE events UPDATE raw = transform(k_offset, {offsets:Array(UInt64)}, {raws:Array(String)}, raw)
WHERE complaint_id IN ({ids:Array(String)}) AND k_topic = {topic:String} AND k_partition = {partition:UInt32} AND k_offset IN ({offsets:Array(UInt64)})
