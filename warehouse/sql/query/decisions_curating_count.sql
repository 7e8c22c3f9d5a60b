SELECT count()
FROM decisions
WHERE kind IN ('issue.merged', 'issue.split', 'issue.renamed', 'issue.muted', 'issue.owned', 'issue.noted', 'complaint.placed', 'decision.undone')
