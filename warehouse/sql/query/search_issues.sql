-- The issues of the last discovery with their size.
SELECT issue_id, name, keywords, complaints
FROM current_issues
LEFT JOIN (SELECT issue_id, count() AS complaints FROM current_issue_members GROUP BY issue_id) AS sizes USING (issue_id)
ORDER BY complaints DESC, issue_id
