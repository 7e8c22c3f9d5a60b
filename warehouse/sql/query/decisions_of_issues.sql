-- The decisions that group complaints, and those that undo any, each once: of two contents of one decision the lowest
-- offset counts.
SELECT raw
FROM decisions
WHERE kind IN ('issue.merged', 'issue.split', 'complaint.placed', 'decision.undone')
ORDER BY k_offset, k_partition
LIMIT 1 BY kind, subject, event_id
