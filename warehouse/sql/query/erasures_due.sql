SELECT complaint_id FROM erasures GROUP BY complaint_id HAVING max(seen) > max(done) ORDER BY complaint_id LIMIT {most:UInt64}
