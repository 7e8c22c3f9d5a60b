INSERT INTO orphans (complaint_id, version, is_deleted, first_event_at, last_event_at, events)
