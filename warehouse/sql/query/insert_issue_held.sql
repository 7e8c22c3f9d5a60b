INSERT INTO issue_held (subject, decision_id, named, issue_id, complaints, held_at)
