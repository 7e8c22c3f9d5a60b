-- Events by the instant at which they occurred; a negative lag is an anomaly and no duration.
SELECT
    bucket,
    key,
    map('n', toInt64(length(lags)),
        'sum', arraySum(lags),
        'p50', lags[intDiv(50 * length(lags) + 99, 100)],
        'p90', lags[intDiv(90 * length(lags) + 99, 100)],
        'p95', lags[intDiv(95 * length(lags) + 99, 100)],
        'within', toInt64(arrayCount(x -> x <= 300000, lags)),
        'negative', negative) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        arrayCount(edge -> edge <= occurred, {edges:Array(Int64)}) AS bucket,
        key,
        arraySort(groupArrayIf(lag, lag >= 0)) AS lags,
        toInt64(countIf(lag < 0)) AS negative
    FROM facts
    ARRAY JOIN sync_occurred AS occurred, sync_lag AS lag
    WHERE occurred >= {edges:Array(Int64)}[1] AND occurred < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key
)
