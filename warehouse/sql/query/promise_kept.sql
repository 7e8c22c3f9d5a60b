-- Promised dates by the date promised.
SELECT
    arrayCount(edge -> edge <= due, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(due < {t:Int64} AND kept != 0 AND kept <= due)),
        'denominator', toInt64(countIf(due < {t:Int64})),
        'pending', toInt64(countIf(due >= {t:Int64}))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
ARRAY JOIN promise_due AS due, promise_kept AS kept, promise_cancelled AS cancelled
WHERE NOT cancelled AND due >= {edges:Array(Int64)}[1] AND due < {edges:Array(Int64)}[-1]
GROUP BY bucket, key
