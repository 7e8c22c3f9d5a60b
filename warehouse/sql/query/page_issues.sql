SELECT issue_id, name, keywords, weights, representatives FROM current_issues ORDER BY issue_id
