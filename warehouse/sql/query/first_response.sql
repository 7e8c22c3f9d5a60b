-- Working time from the registration to the first human reply, in each complaint's own calendar. Those that ended without
-- one are censored at their end, those that wait at T: {counted} holds each calendar's counted time up to T.
SELECT
    arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('pending', toInt64(countIf(response_until = 0))) AS counts,
    map('replied', groupArrayIf(response_took, response_replied),
        'censored', groupArrayIf(
            if(response_until = 0, {counted:Map(String, Int64)}[toString(response_calendar)] - response_base, response_took),
            NOT response_replied)) AS lists
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND NOT response_anomaly
GROUP BY bucket, key
