SELECT max(run) FROM duplicate_runs
