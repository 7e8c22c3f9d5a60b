-- Texts that were corrected, or whose registration moved.
DELETE FROM search_texts WHERE complaint_id IN ({ids:Array(String)}) AND made IN ({made:Array(UInt64)})
