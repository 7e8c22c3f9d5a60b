SELECT any(issue_id), any(name)
FROM current_issue_members
INNER JOIN current_issues USING (issue_id)
WHERE complaint_id = {complaint:String}
