SELECT count() FROM (SELECT DISTINCT complaint_id FROM events)
