INSERT INTO issue_runs (run, discovered_at, messages)
