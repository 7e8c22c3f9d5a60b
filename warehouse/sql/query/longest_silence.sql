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
        arrayCount(edge -> edge <= at, {edges:Array(Int64)}) AS bucket,
        key,
        arraySort(groupArray(if(what = 'silent', greatest(n, {t:Int64} - left), n))) AS silences
    FROM spans
    WHERE at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key
)
