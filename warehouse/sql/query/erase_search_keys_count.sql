SELECT count() FROM search_keys WHERE complaint_id IN ({ids:Array(String)})
