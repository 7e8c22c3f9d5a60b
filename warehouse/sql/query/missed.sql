-- Nobody replied within 4 × the acknowledge target, or the customer gave up before a reply. Those still waiting within it
-- are in the denominator, and pending.
SELECT
    arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(NOT response_anomaly AND (abandoned
            OR missed_after != 0 AND if(response_until = 0, {t:Int64}, response_until) > missed_after))),
        'denominator', toInt64(count()),
        'pending', toInt64(countIf(NOT response_anomaly AND response_until = 0 AND {t:Int64} <= missed_after))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
GROUP BY bucket, key
