-- The longest time a customer heard nothing: between outward signs, and since the last one while the complaint is open.
SELECT
    bucket,
    key,
    map('n', toInt64(length(silences)),
        'sum', arraySum(silences),
        'p50', silences[intDiv(50 * length(silences) + 99, 100)],
        'p90', silences[intDiv(90 * length(silences) + 99, 100)],
        'p95', silences[intDiv(95 * length(silences) + 99, 100)]) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
        key,
        arraySort(groupArray(if(state = 'open', greatest(silence_longest, {t:Int64} - last_sign_ms), silence_longest))) AS silences
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
    GROUP BY bucket, key
)
