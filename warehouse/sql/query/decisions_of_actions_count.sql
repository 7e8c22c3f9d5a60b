SELECT count()
FROM decisions
WHERE kind IN ('action.opened', 'action.updated', 'action.done', 'action.verified', 'action.closed', 'action.reopened', 'decision.undone')
