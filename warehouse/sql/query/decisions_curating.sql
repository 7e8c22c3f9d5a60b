-- Everything that people decided about issues and improvement actions, and the undoing of any decision, each once: of two contents of one decision
-- the lowest offset counts.
SELECT raw
FROM decisions
WHERE kind IN ('issue.merged', 'issue.split', 'issue.renamed', 'issue.muted', 'issue.owned', 'issue.noted', 'issue.answered', 'complaint.placed', 'decision.undone',
    'action.opened', 'action.updated', 'action.done', 'action.verified', 'action.closed', 'action.reopened')
ORDER BY k_offset, k_partition
LIMIT 1 BY kind, subject, event_id
