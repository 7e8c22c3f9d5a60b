SELECT count() FROM duplicates WHERE complaint_id IN ({ids:Array(String)}) OR other_id IN ({ids:Array(String)})
