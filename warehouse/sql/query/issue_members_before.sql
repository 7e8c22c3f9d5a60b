-- The members whose complaints were registered before the oldest text that a discovery compares.
SELECT complaint_id, issue_id, registered_at
FROM current_issue_members
WHERE complaint_id IN
(
    SELECT complaint_id FROM complaints FINAL
    WHERE state != 'merged' AND notEmpty(concat(title, content)) AND registered_at <= {before:DateTime64(3, 'UTC')}
)
SETTINGS do_not_merge_across_partitions_select_final = 1
