ALTER TABLE search_texts DELETE WHERE complaint_id IN ({ids:Array(String)})
