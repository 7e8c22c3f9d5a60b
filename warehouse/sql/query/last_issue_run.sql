SELECT max(run), argMax(messages, run), max(discovered_at) FROM issue_runs
