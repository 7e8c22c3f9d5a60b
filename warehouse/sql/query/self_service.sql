-- Complaints that a bot or the customers themselves resolved, no human taking part.
SELECT
    arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(self_service)),
        'denominator', toInt64(count()),
        'pending', toInt64(0)) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
GROUP BY bucket, key
