-- An issue's complaints that were registered by T, newest first, and how each came in: at 0 and strength 0 by a discovery.
SELECT complaint_id, registered_at, title, content, moved.at AS assigned_ms, moved.strength AS strength
FROM
(
    SELECT complaint_id, registered_at, title, content
    FROM everything
    WHERE complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE issue_id = {id:String})
        AND (registered_at < {before:DateTime64(3, 'UTC')}
            OR registered_at = {before:DateTime64(3, 'UTC')} AND complaint_id < {before_id:String})
) AS member
LEFT JOIN
(
    SELECT complaint_id, toUnixTimestamp64Milli(moved_at) AS at, evidence AS strength
    FROM issue_moves FINAL
    WHERE run = (SELECT max(run) FROM issue_runs) AND issue_id = {id:String}
) AS moved USING (complaint_id)
ORDER BY registered_at DESC, complaint_id DESC
LIMIT {limit:UInt64}
