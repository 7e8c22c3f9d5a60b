CREATE TABLE originals ENGINE = MergeTree ORDER BY complaint_id AS
SELECT * FROM complaints FINAL WHERE position(complaint_id, '#') = 0
SETTINGS do_not_merge_across_partitions_select_final = 1, max_threads = 1
