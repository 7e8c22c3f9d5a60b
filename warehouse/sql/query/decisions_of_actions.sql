-- All that was ever said about improvement actions, and every undoing, with copies: the fold counts each once.
SELECT raw, k_partition, k_offset
FROM decisions
WHERE kind IN ('action.opened', 'action.updated', 'action.done', 'action.verified', 'action.closed', 'action.reopened', 'decision.undone')
