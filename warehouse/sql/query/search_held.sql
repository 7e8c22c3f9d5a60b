-- What is searched of complaints.
SELECT before, complaint_id, made FROM search_texts WHERE complaint_id IN ({ids:Array(String)})
