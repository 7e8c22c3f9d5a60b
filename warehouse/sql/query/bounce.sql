-- Complaints by their first dispatch that were passed on as a bounce, or back to a department that had held them.
SELECT
    arrayCount(edge -> edge <= first_dispatched_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(bounced)),
        'denominator', toInt64(count()),
        'pending', toInt64(0)) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE first_dispatched_ms != 0 AND first_dispatched_ms >= {edges:Array(Int64)}[1] AND first_dispatched_ms < {edges:Array(Int64)}[-1]
GROUP BY bucket, key
