-- The issues that the complaints are or were in, as far as discoveries are kept.
SELECT DISTINCT issue_id FROM issue_members WHERE complaint_id IN ({ids:Array(String)})
UNION DISTINCT
SELECT DISTINCT issue_id FROM issue_moves WHERE complaint_id IN ({ids:Array(String)}) AND issue_id != ''
