SELECT complaint_id, customer_key, title, content, registered_at
FROM complaints FINAL
WHERE state != 'merged' AND registered_at >= {since:DateTime64(3, 'UTC')}
ORDER BY complaint_id
SETTINGS do_not_merge_across_partitions_select_final = 1
