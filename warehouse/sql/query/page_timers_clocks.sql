-- Open clocks of urgent and high complaints that run and are at risk or overdue, those first whose deadline is nearest to
-- T. Which clocks are open is said in page_timers.sql, how their complaints are found in page_due.sql.
SELECT
    complaint_id,
    stage,
    priority,
    holder,
    rule,
    due,
    toInt64(count() OVER ()) AS found
FROM
(
    SELECT
        complaint_id,
        toString(each_stage) AS stage,
        toString(priority) AS priority,
        if(department = '' OR has({departments:Array(String)}, toString(department)), toString(department), {other:String}) AS holder,
        toString(each_rule) AS rule,
        min(each_due) AS due
    FROM
    (
        SELECT *
        FROM complaints FINAL
        WHERE priority IN ('urgent', 'high') AND state IN ('open', 'resolved') AND registered_at <= {at:DateTime64(3, 'UTC')}
            AND (toDate(registered_at), complaint_id) IN
            (
                SELECT toDate(registered_at), complaint_id
                FROM complaints
                WHERE state = 'open'
                    OR state = 'resolved' AND last_event_at >= {since:DateTime64(3, 'UTC')}
                        AND arrayExists((s, f, c) -> s = 'survey' AND f = 0 AND c = 0, clock_stage, clock_finished, clock_cancelled)
            )
    )
    ARRAY JOIN
        clock_stage AS each_stage, clock_rule AS each_rule, clock_round AS each_round, clock_calendar AS each_calendar,
        clock_target AS each_target, clock_warn AS each_warn, clock_due AS each_due, clock_frozen AS each_frozen,
        clock_finished AS each_finished, clock_cancelled AS each_cancelled, clock_anomaly AS each_anomalous
    WHERE NOT each_anomalous AND each_cancelled = 0 AND each_finished = 0 AND NOT each_frozen AND each_round = length(round_started)
        AND if(each_stage = 'survey',
            state = 'resolved' AND (each_due >= {t:Int64} OR first_closed_ms = 0 AND each_due >= {oldest:Int64}),
            state = 'open')
        AND (each_due < {t:Int64}
            OR each_due <= {risk:Map(String, Int64)}[concat(toString(each_calendar), '|', toString(each_target - each_warn))])
    GROUP BY complaint_id, stage, priority, holder, rule
)
ORDER BY abs(due - {t:Int64}), complaint_id, stage, rule
LIMIT {limit:UInt64}
