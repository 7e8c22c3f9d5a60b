SELECT complaint_id, issue_id FROM current_issue_members
