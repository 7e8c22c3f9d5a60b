-- All complaints of each issue up to T, by weeks of 7 × 24 h that end at T, the newest being 0; the empty issue are
-- complaints in none.
SELECT
    issue_id, count() AS complaints, min(registered_at) AS first_seen, max(registered_at) AS last_seen,
    sumMapIf(map(toUInt32(week), toUInt64(1)), week < {weeks:UInt32}) AS weekly
FROM
(
    SELECT complaint_id, registered_at, intDiv({t:Int64} - toUnixTimestamp64Milli(registered_at), 604800000) AS week
    FROM everything
) AS seen
LEFT JOIN current_issue_members USING (complaint_id)
GROUP BY issue_id
