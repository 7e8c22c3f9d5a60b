-- The words that issues are shown by.
SELECT name FROM issues WHERE issue_id IN ({issues:Array(String)})
UNION DISTINCT
SELECT name FROM issue_history WHERE from_issue IN ({issues:Array(String)})
UNION DISTINCT
SELECT arrayJoin(keywords) FROM issues WHERE issue_id IN ({issues:Array(String)})
