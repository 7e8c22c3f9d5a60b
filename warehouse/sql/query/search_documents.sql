-- The texts of complaints as they are now.
SELECT complaint_id, registered_at, title, content
FROM complaints FINAL
WHERE complaint_id IN ({ids:Array(String)})
SETTINGS do_not_merge_across_partitions_select_final = 1
