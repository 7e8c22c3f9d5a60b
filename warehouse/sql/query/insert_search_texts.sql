INSERT INTO search_texts (before, complaint_id, made, body, words)
