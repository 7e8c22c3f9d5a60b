SELECT complaint_id, customer_key, title, content, registered_at
FROM complaints FINAL
WHERE state != 'merged'
ORDER BY registered_at DESC, complaint_id
LIMIT {limit:UInt64}
SETTINGS do_not_merge_across_partitions_select_final = 1
