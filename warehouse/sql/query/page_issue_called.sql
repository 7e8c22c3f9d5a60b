-- What issues that are gone were called last.
SELECT from_issue, argMax(name, run) FROM issue_history WHERE run IN (SELECT run FROM issue_runs) GROUP BY from_issue
