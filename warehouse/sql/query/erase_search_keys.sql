ALTER TABLE search_keys DELETE WHERE complaint_id IN ({ids:Array(String)})
