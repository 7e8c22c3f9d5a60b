INSERT INTO issue_history (run, at, kind, from_issue, into_issue, name, complaints)
