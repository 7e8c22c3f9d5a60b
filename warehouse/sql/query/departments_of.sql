-- The departments that complaints are with now.
SELECT complaint_id, department
FROM complaints FINAL
WHERE complaint_id IN ({ids:Array(String)})
SETTINGS do_not_merge_across_partitions_select_final = 1
