-- Repeats of the same recurring issue, by the bucket of their registration.
SELECT
    arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(complaint_id IN (complaints_of_issue_repeats))),
        'denominator', toInt64(count())) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
GROUP BY bucket, key
