-- Verdicts of a stage in a department in the order of their deadlines, written short: how many there are, and deadline and
-- place of each breach. Of two with the same deadline the met one is first.
SELECT
    stage,
    holder,
    toInt64(length(verdicts)) AS total,
    arrayMap(v -> v.1, arrayFilter(v -> v.2, verdicts)) AS breached_at,
    arrayMap(i -> toInt64(i), arrayFilter((i, v) -> v.2, arrayEnumerate(verdicts), verdicts)) AS places
FROM
(
    SELECT stage, holder, arraySort(groupArray((due, late))) AS verdicts
    FROM
    (
        SELECT
            toString(each_stage) AS stage,
            if(department = '' OR has({departments:Array(String)}, toString(department)), toString(department), {other:String}) AS holder,
            each_due AS due,
            NOT (each_finished != 0 AND each_finished <= each_due) AS late
        FROM
        (
            SELECT department, clock_stage, clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly
            FROM complaints FINAL
            PREWHERE last_event_at >= {since:DateTime64(3, 'UTC')} OR is_deleted
            WHERE registered_at <= {at:DateTime64(3, 'UTC')}
            UNION ALL
            SELECT department, clock_stage, clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly
            FROM complaints FINAL
            WHERE state = 'open' AND last_event_at < {since:DateTime64(3, 'UTC')} AND complaint_id IN
                (
                    SELECT complaint_id FROM complaints
                    WHERE state = 'open' AND last_event_at < {since:DateTime64(3, 'UTC')}
                )
        )
        ARRAY JOIN
            clock_stage AS each_stage, clock_due AS each_due, clock_frozen AS each_frozen, clock_finished AS each_finished,
            clock_cancelled AS each_cancelled, clock_anomaly AS each_anomalous
        WHERE NOT each_anomalous AND each_cancelled = 0 AND NOT each_frozen AND each_due >= {from:Int64} AND each_due < {t:Int64}
    )
    GROUP BY stage, holder
)
