INSERT INTO duplicates (run, complaint_id, other_id, similarity)
