-- Complaints resolved at T by their last resolution in the bucket: gross and net.
SELECT
    bucket,
    key,
    map('n', toInt64(length(gross)),
        'sum', arraySum(gross),
        'p50', gross[intDiv(50 * length(gross) + 99, 100)],
        'p90', gross[intDiv(90 * length(gross) + 99, 100)],
        'p95', gross[intDiv(95 * length(gross) + 99, 100)],
        'net_sum', arraySum(net),
        'net_p50', net[intDiv(50 * length(net) + 99, 100)],
        'net_p90', net[intDiv(90 * length(net) + 99, 100)],
        'net_p95', net[intDiv(95 * length(net) + 99, 100)],
        'within_3', toInt64(arrayCount(x -> x <= 3 * 86400000, gross)),
        'within_7', toInt64(arrayCount(x -> x <= 7 * 86400000, gross)),
        'within_15', toInt64(arrayCount(x -> x <= 15 * 86400000, gross)),
        'within_30', toInt64(arrayCount(x -> x <= 30 * 86400000, gross))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        arrayCount(edge -> edge <= at, {edges:Array(Int64)}) AS bucket,
        key,
        arraySort(groupArray(n)) AS gross,
        arraySort(groupArray(left)) AS net
    FROM spans
    WHERE at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key
)
