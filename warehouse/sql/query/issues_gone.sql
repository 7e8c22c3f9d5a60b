-- The issues of the last run that people's decisions put away since, as they were.
SELECT issue_id, name, keywords, weights, representatives
FROM issues
WHERE run = (SELECT max(run) FROM issue_runs) AND issue_id NOT IN (SELECT issue_id FROM current_issues)
ORDER BY revised_at DESC
LIMIT 1 BY issue_id
