-- How long after their incident the complaints of one issue are registered, the 95th percentile in milliseconds by nearest
-- rank, and how many of them are registered in another week.
SELECT toInt64(arrayElement(delays, toUInt64(ceil(0.95 * length(delays))))), shifted
FROM
(
    SELECT
        arraySort(groupArray(registered_ms - happened_ms)) AS delays,
        countIf(toMonday(toDate(fromUnixTimestamp64Milli(happened_ms, {zone:String})))
            != toMonday(toDate(fromUnixTimestamp64Milli(registered_ms, {zone:String})))) AS shifted
    FROM
    (
        SELECT registered_ms, if(incident_ms > 0 AND incident_ms <= registered_ms, incident_ms, registered_ms) AS happened_ms
        FROM facts
        WHERE state != 'merged' AND registered_at >= {since:DateTime64(3, 'UTC')}
            AND complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE issue_id = {id:String})
    )
)
