-- The inner reading finds candidates among all versions by a cheap scan of one column; the outer one keeps what holds.
SELECT complaint_id, registered_at, channel, title
FROM complaints FINAL
WHERE complaint_id IN
    (
        SELECT complaint_id FROM complaints
        WHERE merged_into = {complaint:String} OR complaint_id = {into:String}
    )
    AND complaint_id != {complaint:String} AND registered_at <= fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')
    AND (complaint_id = {into:String} OR merged_into = {complaint:String} AND state = 'merged' AND ended_ms <= {as_of:Int64})
ORDER BY registered_at, complaint_id
LIMIT 100
SETTINGS do_not_merge_across_partitions_select_final = 1
