ALTER TABLE events UPDATE raw = transform(k_offset, {offsets:Array(UInt64)}, {raws:Array(String)}, raw)
IN PARTITION ({topic:String}, {partition:UInt32})
WHERE complaint_id IN ({ids:Array(String)}) AND k_offset IN ({offsets:Array(UInt64)})
