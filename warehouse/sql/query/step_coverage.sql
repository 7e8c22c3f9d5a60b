-- Complaints by their first filing, self-service ones left out: dispatched, resolved and offered a survey by T.
SELECT
    arrayCount(edge -> edge <= first_closed_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(all_steps)),
        'denominator', toInt64(count()),
        'pending', toInt64(0)) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE first_closed_ms != 0 AND NOT self_service AND first_closed_ms >= {edges:Array(Int64)}[1] AND first_closed_ms < {edges:Array(Int64)}[-1]
GROUP BY bucket, key
