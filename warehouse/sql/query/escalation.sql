-- Complaints registered in the bucket that were escalated at least once by T.
SELECT
    arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(escalated_ms != 0)),
        'denominator', toInt64(count()),
        'pending', toInt64(0)) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
GROUP BY bucket, key
