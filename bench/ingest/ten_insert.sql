INSERT INTO ten (event_id, complaint_id, kind, occurred_at, source, department, title, content, category, priority)
