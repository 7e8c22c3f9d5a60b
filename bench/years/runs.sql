INSERT INTO issue_runs (run, discovered_at, messages) SELECT 1, {at:DateTime64(3, 'UTC')}, 1
