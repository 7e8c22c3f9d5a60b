ALTER TABLE duplicates DELETE WHERE complaint_id IN ({ids:Array(String)}) OR other_id IN ({ids:Array(String)})
