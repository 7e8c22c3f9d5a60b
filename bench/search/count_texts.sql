SELECT count() FROM search_texts
