SELECT from_issue, argMax(into_issue, run) AS into_issue FROM issue_lineage GROUP BY from_issue
