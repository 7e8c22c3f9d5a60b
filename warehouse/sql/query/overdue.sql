-- Complaints that are open at the end of each bucket and whose resolve clock is past due at T.
SELECT bucket, key, map('overdue', toInt64(count())) AS counts, CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        arrayJoin(range(1, toUInt32(length({edges:Array(Int64)})))) AS bucket,
        {edges:Array(Int64)}[bucket + 1] AS closes,
        key, round_started, round_ended
    FROM facts
    WHERE registered_at < {to:DateTime64(3, 'UTC')} AND (state = 'open' OR last_event_at >= {from:DateTime64(3, 'UTC')})
        AND arrayExists((stage, due, frozen, finished, cancelled, anomalous) ->
                stage = 'resolve' AND NOT anomalous AND NOT frozen AND finished = 0 AND cancelled = 0 AND due < {t:Int64},
            clock_stage, clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly)
)
WHERE arrayExists((s, e) -> s < closes AND (e = 0 OR e >= closes), round_started, round_ended)
GROUP BY bucket, key
