-- The texts of some complaints as they are now. What was merged into another complaint belongs to no issue.
SELECT
    complaint_id, customer_key, if(state = 'merged', '', title) AS title, if(state = 'merged', '', content) AS content, registered_at
FROM complaints FINAL
WHERE complaint_id IN ({ids:Array(String)})
SETTINGS do_not_merge_across_partitions_select_final = 1
