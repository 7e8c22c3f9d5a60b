-- Clocks of the stages asked for, each under its own key, by the bucket that holds their due instant.
-- A frozen clock (its pause is open at T) is due as much
-- working time after T as it has left; {ahead} holds for each calendar the working time from T to each edge.
SELECT bucket, concat(stage, '\n', key) AS key, sumMap(counts) AS counts, CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        if(frozen, arrayCount(ahead -> ahead < remaining, {ahead:Map(String, Array(Int64))}[calendar]),
            arrayCount(edge -> edge <= due, {edges:Array(Int64)})) AS bucket,
        stage,
        key,
        map('numerator', toInt64(countIf(NOT frozen AND due < {t:Int64} AND finished != 0 AND finished <= due)),
            'denominator', toInt64(countIf(NOT frozen AND due < {t:Int64})),
            'pending', toInt64(countIf(frozen OR due >= {t:Int64}))) AS counts
    FROM
    (
        SELECT key, toString(clock) AS stage, due, frozen, remaining, toString(calendar) AS calendar, finished, cancelled, anomalous
        FROM facts
        ARRAY JOIN
            clock_stage AS clock, clock_due AS due, clock_frozen AS frozen, clock_remaining AS remaining,
            clock_calendar AS calendar, clock_finished AS finished, clock_cancelled AS cancelled, clock_anomaly AS anomalous
    )
    WHERE has({stages:Array(String)}, stage) AND NOT anomalous AND cancelled = 0
    GROUP BY bucket, stage, key
    UNION ALL
    SELECT
        arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
        arrayJoin({stages:Array(String)}) AS stage,
        key,
        map('anomalous', toInt64(countIf(arrayExists((clock, anomalous) -> clock = stage AND anomalous, clock_stage, clock_anomaly))),
            'registered', toInt64(count())) AS counts
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
    GROUP BY bucket, stage, key
)
GROUP BY bucket, stage, key
