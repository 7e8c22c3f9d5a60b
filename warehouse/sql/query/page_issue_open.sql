-- The complaints of each issue that are open at T, whenever they were registered.
SELECT issue_id, count() AS open
FROM current_issue_members
WHERE complaint_id IN (SELECT complaint_id FROM facts WHERE state = 'open')
GROUP BY issue_id
