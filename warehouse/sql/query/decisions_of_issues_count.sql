SELECT uniqExact(kind, subject, event_id)
FROM decisions
WHERE kind IN ('issue.merged', 'issue.split', 'complaint.placed', 'decision.undone')
