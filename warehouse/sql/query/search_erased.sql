SELECT DISTINCT complaint_id FROM erasures WHERE complaint_id IN ({ids:Array(String)})
