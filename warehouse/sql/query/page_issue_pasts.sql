-- All complaints of each issue up to T, by weeks of 7 × 24 h that end at T, the newest being 0.
SELECT
    issue_id, count() AS complaints, min(registered_at) AS first_seen, max(registered_at) AS last_seen,
    sumMapIf(map(toUInt32(week), toUInt64(1)), week < {weeks:UInt32}) AS weekly
FROM
(
    SELECT issue_id, registered_at, intDiv({t:Int64} - toUnixTimestamp64Milli(registered_at), 604800000) AS week
    FROM current_issue_members
    WHERE registered_at <= {at:DateTime64(3, 'UTC')}
)
GROUP BY issue_id
