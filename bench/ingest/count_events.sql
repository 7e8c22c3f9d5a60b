SELECT count() AS rows FROM events
