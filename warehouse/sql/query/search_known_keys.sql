SELECT count() FROM (SELECT 1 FROM search_keys WHERE key = {key:String} LIMIT 1)
