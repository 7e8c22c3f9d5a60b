-- Clocks by what they are counted by. Only complaints that can have an open clock or a verdict in the longest window are
-- read: those that moved since, and those that stayed open without a sign. A fact only ever gains events, so the first
-- may be chosen before FINAL; tombstones must stay to do their work. The second are chosen twice, since the row that
-- looks open may be an older one.
-- A clock is open while somebody can still finish it: in the complaint's last round, while the complaint is open; a
-- survey after the resolution, when its deadline has passed only until the complaint is filed, and 28 days at most.
SELECT
    stage,
    priority,
    holder,
    rule,
    toInt64(countIf(open AND NOT late AND NOT warned)) AS ok,
    toInt64(countIf(open AND NOT late AND warned)) AS at_risk,
    toInt64(countIf(open AND late)) AS overdue,
    minIf(due, open AND NOT late AND NOT frozen) AS next_due,
    sumForEachIf(arrayMap(edge -> toInt64(due >= edge), {edges:Array(Int64)}), late AND met) AS met_in,
    sumForEachIf(arrayMap(edge -> toInt64(due >= edge), {edges:Array(Int64)}), late AND NOT met) AS breached_in,
    toInt64(countIf(decided AND met)) AS met_now,
    toInt64(countIf(decided AND NOT met)) AS breached_now
FROM
(
    SELECT
        toString(stage) AS stage,
        toString(priority) AS priority,
        if(department = '' OR has({departments:Array(String)}, toString(department)), toString(department), {other:String}) AS holder,
        toString(rule) AS rule,
        due,
        frozen,
        NOT frozen AND due < {t:Int64} AS late,
        NOT frozen AND due >= {decided_from:Int64} AND due < {decided_to:Int64} AS decided,
        finished != 0 AND finished <= due AS met,
        finished = 0 AND round = rounds AND if(stage = 'survey',
            state = 'resolved' AND (NOT late OR first_closed_ms = 0 AND due >= {edges:Array(Int64)}[-1]),
            state = 'open') AS open,
        if(frozen, remaining <= target - warn AND target > 0,
            due <= {risk:Map(String, Int64)}[concat(toString(calendar), '|', toString(target - warn))]) AS warned
    FROM
    (
        SELECT
            state, first_closed_ms, priority, department, length(round_started) AS rounds,
            clock_stage, clock_rule, clock_round, clock_calendar, clock_target, clock_warn, clock_due, clock_frozen,
            clock_remaining, clock_finished, clock_cancelled, clock_anomaly
        FROM complaints FINAL
        PREWHERE last_event_at >= {since:DateTime64(3, 'UTC')} OR is_deleted
        WHERE registered_at <= {at:DateTime64(3, 'UTC')}
        UNION ALL
        SELECT
            state, first_closed_ms, priority, department, length(round_started) AS rounds,
            clock_stage, clock_rule, clock_round, clock_calendar, clock_target, clock_warn, clock_due, clock_frozen,
            clock_remaining, clock_finished, clock_cancelled, clock_anomaly
        FROM complaints FINAL
        WHERE state = 'open' AND last_event_at < {since:DateTime64(3, 'UTC')} AND complaint_id IN
            (
                SELECT complaint_id FROM complaints
                WHERE state = 'open' AND last_event_at < {since:DateTime64(3, 'UTC')}
            )
    )
    ARRAY JOIN
        clock_stage AS stage, clock_rule AS rule, clock_round AS round, clock_calendar AS calendar, clock_target AS target,
        clock_warn AS warn, clock_due AS due, clock_frozen AS frozen, clock_remaining AS remaining,
        clock_finished AS finished, clock_cancelled AS cancelled, clock_anomaly AS anomalous
    WHERE NOT anomalous AND cancelled = 0
)
WHERE open OR due >= {edges:Array(Int64)}[-1] OR due >= {decided_from:Int64}
GROUP BY stage, priority, holder, rule
