-- How long the complaints that are open at the end of the bucket, or at T if that is earlier, have been known.
SELECT
    bucket,
    key,
    map('n', toInt64(length(ages)),
        'sum', arraySum(ages),
        'p50', ages[intDiv(50 * length(ages) + 99, 100)],
        'p90', ages[intDiv(90 * length(ages) + 99, 100)],
        'p95', ages[intDiv(95 * length(ages) + 99, 100)],
        'from_0', toInt64(arrayCount(x -> x >= 0 * 86400000 AND x < 1 * 86400000, ages)),
        'from_1', toInt64(arrayCount(x -> x >= 1 * 86400000 AND x < 3 * 86400000, ages)),
        'from_3', toInt64(arrayCount(x -> x >= 3 * 86400000 AND x < 7 * 86400000, ages)),
        'from_7', toInt64(arrayCount(x -> x >= 7 * 86400000 AND x < 15 * 86400000, ages)),
        'from_15', toInt64(arrayCount(x -> x >= 15 * 86400000 AND x < 30 * 86400000, ages)),
        'from_30', toInt64(arrayCount(x -> x >= 30 * 86400000 AND x < 60 * 86400000, ages)),
        'from_60', toInt64(arrayCount(x -> x >= 60 * 86400000, ages))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT bucket, key, arraySort(groupArray(least(closes, {t:Int64}) - registered_ms)) AS ages
    FROM
    (
        SELECT
            arrayJoin({buckets:Array(UInt32)}) AS bucket,
            {edges:Array(Int64)}[bucket + 1] AS closes,
            key, registered_ms, round_started, round_ended
        FROM facts
        WHERE registered_at < {to:DateTime64(3, 'UTC')} AND (state = 'open' OR last_event_at >= {from:DateTime64(3, 'UTC')})
    )
    WHERE arrayExists((s, e) -> s < closes AND (e = 0 OR e >= closes), round_started, round_ended)
    GROUP BY bucket, key
)
