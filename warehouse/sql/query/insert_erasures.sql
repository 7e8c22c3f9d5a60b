INSERT INTO erasures (complaint_id, seen, done)
