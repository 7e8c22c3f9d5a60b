-- All complaints by week and channel, weeks from Monday in the organisation's zone, and of them those of one issue. A
-- complaint lies in the week of its incident; of one that names none, or one after its registration, in that of its
-- registration. Compared are those with a text outside the issue: what has no text belongs to no issue.
SELECT
    toMonday(toDate(fromUnixTimestamp64Milli(happened_ms, {zone:String}))) AS week,
    toString(channel) AS channel,
    countIf(inside) AS complaints,
    countIf(NOT inside AND with_text) AS compared,
    countIf(with_text) AS texts,
    count() AS registered
FROM
(
    SELECT
        channel,
        if(incident_ms > 0 AND incident_ms <= registered_ms, incident_ms, registered_ms) AS happened_ms,
        complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE issue_id = {id:String}) AS inside,
        title != '' OR content != '' AS with_text
    FROM facts
    WHERE state != 'merged' AND registered_at >= {since:DateTime64(3, 'UTC')}
)
WHERE happened_ms >= {since_ms:Int64}
GROUP BY week, channel
ORDER BY week, channel
