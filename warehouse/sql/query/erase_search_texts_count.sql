SELECT count() FROM search_texts WHERE complaint_id IN ({ids:Array(String)})
