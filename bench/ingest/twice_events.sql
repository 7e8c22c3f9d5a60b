SELECT count() AS rows, uniqExact(event_id) AS distinct_events FROM events
