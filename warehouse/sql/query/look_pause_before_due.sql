-- Pauses in the period while a clock of natural time ran towards the end of the matter; looked at are those within the last
-- four hours before its due instant as it was then, the others those in the 24 hours before. What ends a complaint ends its
-- pause; of several pauses in a row the first counts.
SELECT complaint_id, due - at <= 14400000 AS looked, 1 AS found
FROM
(
    SELECT
        complaint_id, at,
        started + target + arraySum((since, until) -> if(until != 0 AND until <= at, greatest(0, until - greatest(since, started)), 0), sinces, untils) AS due
    FROM
    (
        SELECT complaint_id, at, sinces, untils, started, target
        FROM
        (
            SELECT complaint_id, sinces, untils, clock_stage, clock_calendar, clock_anomaly, clock_started, clock_target, clock_finished, clock_cancelled
            FROM facts
            INNER JOIN
            (
                SELECT
                    complaint_id,
                    arraySort(groupUniqArray((toUnixTimestamp64Milli(occurred_at), event_id, kind = 'paused'))) AS said,
                    arrayFilter((s, i) -> if(i = 1, s.3, s.3 != said[i - 1].3), said, arrayEnumerate(said)) AS turns,
                    arrayMap(s -> s.1, arrayFilter(s -> s.3, turns)) AS sinces,
                    arrayResize(arrayMap(s -> s.1, arrayFilter(s -> NOT s.3, turns)), length(sinces)) AS untils
                FROM events
                WHERE kind IN ('paused', 'resumed', 'resolved', 'closed', 'withdrawn', 'rejected', 'merged')
                    AND occurred_at <= {at:DateTime64(3, 'UTC')}
                    AND complaint_id IN
                    (
                        SELECT complaint_id
                        FROM events
                        WHERE kind = 'paused' AND occurred_at >= {from:DateTime64(3, 'UTC')} AND occurred_at < {to:DateTime64(3, 'UTC')}
                    )
                GROUP BY complaint_id
            ) AS pauses USING (complaint_id)
        )
        ARRAY JOIN sinces AS at
        ARRAY JOIN
            clock_stage AS stage, clock_calendar AS calendar, clock_anomaly AS anomalous, clock_started AS started, clock_target AS target,
            clock_finished AS finished, clock_cancelled AS cancelled
        WHERE at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
            AND stage IN ('resolve', 'redo') AND has({natural:Array(String)}, toString(calendar)) AND NOT anomalous
            AND started <= at AND (finished = 0 OR finished > at) AND (cancelled = 0 OR cancelled > at)
    )
)
WHERE due > at AND due - at <= 100800000
