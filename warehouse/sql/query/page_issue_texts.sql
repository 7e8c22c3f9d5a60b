-- The texts of one issue's complaints that were registered by T.
SELECT complaint_id, registered_at, title, content
FROM everything
WHERE complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE issue_id = {id:String})
