SELECT count() FROM (SELECT complaint_id FROM erasures GROUP BY complaint_id HAVING max(seen) > max(done))
