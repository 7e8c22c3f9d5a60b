SELECT key FROM search_keys WHERE position(complaint_id, '~') = 0 ORDER BY key LIMIT 200
