-- Clocks of one stage, by the bucket that holds their due instant. A frozen clock (its pause is open at T) is due as much
-- working time after T as it has left; {ahead} holds for each calendar the working time from T to each edge.
SELECT bucket, key, sumMap(counts) AS counts, CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        if(frozen, arrayCount(ahead -> ahead < remaining, {ahead:Map(String, Array(Int64))}[calendar]),
            arrayCount(edge -> edge <= due, {edges:Array(Int64)})) AS bucket,
        key,
        map('numerator', toInt64(countIf(NOT frozen AND due < {t:Int64} AND finished != 0 AND finished <= due)),
            'denominator', toInt64(countIf(NOT frozen AND due < {t:Int64})),
            'pending', toInt64(countIf(frozen OR due >= {t:Int64}))) AS counts
    FROM
    (
        SELECT key, stage, due, frozen, remaining, toString(calendar) AS calendar, finished, cancelled, anomalous
        FROM facts
        ARRAY JOIN
            clock_stage AS stage, clock_due AS due, clock_frozen AS frozen, clock_remaining AS remaining,
            clock_calendar AS calendar, clock_finished AS finished, clock_cancelled AS cancelled, clock_anomaly AS anomalous
    )
    WHERE stage = {stage:String} AND NOT anomalous AND cancelled = 0
    GROUP BY bucket, key
    UNION ALL
    SELECT
        arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
        key,
        map('anomalous', toInt64(countIf(arrayExists((stage, anomalous) -> stage = {stage:String} AND anomalous, clock_stage, clock_anomaly))),
            'registered', toInt64(count())) AS counts
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
    GROUP BY bucket, key
)
GROUP BY bucket, key
