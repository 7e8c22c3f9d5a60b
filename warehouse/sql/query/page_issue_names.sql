SELECT issue_id, name FROM current_issues
