-- Complaints registered in the period by how long they waited for a human reply, under the definition of first_response.
-- Times are rounded up to seconds within the first hour and to minutes after it, so that long histories stay short.
SELECT
    toString(priority) AS urgency,
    if(took <= 3600000, intDiv(took + 999, 1000) * 1000, intDiv(took + 59999, 60000) * 60000) AS waited,
    toInt64(countIf(replied)) AS answered,
    toInt64(countIf(NOT replied)) AS censored,
    toInt64(countIf(waiting)) AS still
FROM
(
    SELECT
        priority,
        response_replied AS replied,
        response_until = 0 AS waiting,
        if(waiting, {counted:Map(String, Int64)}[toString(response_calendar)] - response_base, response_took) AS took
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND NOT response_anomaly
)
GROUP BY urgency, waited
