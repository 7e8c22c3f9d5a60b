-- What became of issues in the published runs, oldest first: every row that names one of the ids.
SELECT at, kind, from_issue, into_issue, name, complaints
FROM issue_history
WHERE run IN (SELECT run FROM issue_runs) AND (from_issue IN ({ids:Array(String)}) OR into_issue IN ({ids:Array(String)}))
ORDER BY at, kind, from_issue, into_issue
