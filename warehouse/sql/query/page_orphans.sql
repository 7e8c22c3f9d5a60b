SELECT count() AS complaints, sum(events) AS events, min(first_event_at) AS oldest, max(first_event_at) AS newest
FROM orphans FINAL
