-- What issues held when decisions were first read; the first reading counts.
SELECT subject, decision_id, named, issue_id, complaints
FROM issue_held
ORDER BY held_at
LIMIT 1 BY subject, decision_id, named
