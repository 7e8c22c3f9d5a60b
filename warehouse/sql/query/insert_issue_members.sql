INSERT INTO issue_members (run, complaint_id, issue_id, registered_at)
