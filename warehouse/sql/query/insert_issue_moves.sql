INSERT INTO issue_moves (run, complaint_id, issue_id, evidence, registered_at, moved_at)
