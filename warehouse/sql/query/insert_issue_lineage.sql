INSERT INTO issue_lineage (from_issue, into_issue, run)
