SELECT count()
FROM decisions
WHERE kind IN ('issue.merged', 'issue.split', 'issue.renamed', 'issue.muted', 'issue.owned', 'issue.noted', 'issue.answered', 'complaint.placed', 'decision.undone',
    'action.opened', 'action.updated', 'action.done', 'action.verified', 'action.closed', 'action.reopened')
