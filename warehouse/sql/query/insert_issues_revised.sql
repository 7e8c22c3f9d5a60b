INSERT INTO issues (run, issue_id, name, keywords, weights, representatives, merged_from, revised_at, gone)
