-- Everything that people decided about issues, and the undoing of any decision, each once: of two contents of one decision
-- the lowest offset counts.
SELECT raw
FROM decisions
WHERE kind IN ('issue.merged', 'issue.split', 'issue.renamed', 'issue.muted', 'issue.owned', 'issue.noted', 'complaint.placed', 'decision.undone')
ORDER BY k_offset, k_partition
LIMIT 1 BY kind, subject, event_id
