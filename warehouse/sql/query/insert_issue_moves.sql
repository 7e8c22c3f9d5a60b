INSERT INTO issue_moves (run, complaint_id, issue_id, evidence, moved_at)
