-- Complaints that were merged by the instant are no longer proposed.
WITH near AS
(
    SELECT other_id, similarity FROM duplicates
    WHERE complaint_id = {complaint:String} AND run = (SELECT max(run) FROM duplicate_runs)
)
SELECT complaint_id, registered_at, channel, title, similarity
FROM complaints FINAL
INNER JOIN near ON other_id = complaint_id
WHERE complaint_id IN (SELECT other_id FROM near) AND registered_at <= fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')
    AND NOT (state = 'merged' AND ended_ms <= {as_of:Int64})
ORDER BY similarity DESC, registered_at, complaint_id
LIMIT {limit:UInt64}
SETTINGS do_not_merge_across_partitions_select_final = 1
