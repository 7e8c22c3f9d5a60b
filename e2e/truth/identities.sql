SELECT complaint_id, event_id, count() FROM events GROUP BY complaint_id, event_id
