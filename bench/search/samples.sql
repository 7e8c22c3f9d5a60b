SELECT complaint_id, body FROM search_texts WHERE position(complaint_id, '~') = 0 ORDER BY cityHash64(complaint_id) LIMIT 400
