-- All complaints of each issue as page_issue_pasts has them, from the facts as they stand; the empty issue are complaints
-- in none.
SELECT
    issue_id, min(registered_at) AS first_seen, max(registered_at) AS last_seen,
    sumMapIf(map(toUInt32(week), toUInt64(1)), week < {weeks:UInt32}) AS weekly
FROM
(
    SELECT complaint_id, registered_at, intDiv({t:Int64} - toUnixTimestamp64Milli(registered_at), 604800000) AS week
    FROM complaints FINAL
    WHERE registered_at <= {at:DateTime64(3, 'UTC')}
) AS seen
LEFT JOIN current_issue_members USING (complaint_id)
GROUP BY issue_id
