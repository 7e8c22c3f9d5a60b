-- How long after their incident the complaints of one issue are registered, the 95th percentile in milliseconds.
SELECT toInt64(arrayElement(delays, toUInt64(ceil(0.95 * length(delays)))))
FROM
(
    SELECT arraySort(groupArray(registered_ms - if(incident_ms > 0 AND incident_ms <= registered_ms, incident_ms, registered_ms))) AS delays
    FROM facts
    WHERE state != 'merged' AND registered_at >= {since:DateTime64(3, 'UTC')}
        AND complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE issue_id = {id:String})
)
