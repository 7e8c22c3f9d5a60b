INSERT INTO search_keys (key, complaint_id)
