SELECT complaint_id, issue_id, name
FROM current_issue_members
INNER JOIN current_issues USING (issue_id)
WHERE complaint_id IN ({ids:Array(String)})
