SELECT DISTINCT complaint_id FROM events ORDER BY complaint_id
