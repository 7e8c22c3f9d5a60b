-- Clocks that somebody can still finish at T, by stage and department: how many stand where, and the first of each of the
-- two lists behind its cursor. They are those that page_timers.sql counts as open.
-- Complaints that can have one are found first, by the whole key so that no others are read: the row that looks open may
-- be an older one, so it is asked again.
-- While a pause is open, due is what it would be if the pause ended at T: {opens} holds the beginnings of each calendar's
-- counted stretches from T on, {done} the time counted from T to each.
SELECT
    stage,
    holder,
    toInt64(countIf(late)) AS overdue,
    toInt64(countIf(NOT late AND NOT frozen AND warned)) AS at_risk,
    toInt64(countIf(NOT late AND NOT frozen AND NOT warned)) AS ok,
    toInt64(countIf(frozen)) AS paused,
    toInt64(countIf(guessed)) AS provisional,
    groupArraySortedIf({limit:UInt64})(clock, late AND (due, complaint_id, place) > ({over_due:Int64}, {over_id:String}, {over_place:UInt32})) AS first_overdue,
    groupArraySortedIf({limit:UInt64})(clock, NOT late AND (due, complaint_id, place) > ({next_due:Int64}, {next_id:String}, {next_place:UInt32})) AS first_upcoming
FROM
(
    SELECT
        toString(each_stage) AS stage,
        toString(department) AS holder,
        complaint_id,
        toUInt32(each_place) AS place,
        each_frozen AS frozen,
        each_provisional AS guessed,
        arrayLastIndex(counted -> counted < each_remaining, {done:Map(String, Array(Int64))}[toString(each_calendar)]) AS stretch,
        if(each_frozen,
            {opens:Map(String, Array(Int64))}[toString(each_calendar)][stretch] + each_remaining
                - {done:Map(String, Array(Int64))}[toString(each_calendar)][stretch],
            each_due) AS due,
        NOT each_frozen AND each_due < {t:Int64} AS late,
        if(each_frozen, each_remaining <= each_target - each_warn AND each_target > 0,
            each_due <= {risk:Map(String, Int64)}[concat(toString(each_calendar), '|', toString(each_target - each_warn))]) AS warned,
        (due, complaint_id, place, toString(owner), each_round, toString(each_rule), each_started, toString(each_asked),
            frozen, warned, guessed, title, toString(category), toString(priority)) AS clock
    FROM
    (
        SELECT *
        FROM facts
        WHERE state IN ('open', 'resolved') AND (toDate(registered_at), complaint_id) IN
        (
            SELECT toDate(registered_at), complaint_id
            FROM complaints
            WHERE state = 'open'
                OR state = 'resolved' AND last_event_at >= {since:DateTime64(3, 'UTC')}
                    AND arrayExists((s, f, c) -> s = 'survey' AND f = 0 AND c = 0, clock_stage, clock_finished, clock_cancelled)
            UNION ALL
            SELECT toDate(registered_at), complaint_id
            FROM complaints_asof
            WHERE asof_key = {asof_key:UInt64} AND state IN ('open', 'resolved')
        )
    )
    ARRAY JOIN
        clock_stage AS each_stage, clock_rule AS each_rule, clock_round AS each_round, clock_department AS each_asked,
        clock_calendar AS each_calendar, clock_target AS each_target, clock_warn AS each_warn, clock_started AS each_started,
        clock_due AS each_due, clock_frozen AS each_frozen, clock_remaining AS each_remaining, clock_finished AS each_finished,
        clock_cancelled AS each_cancelled, clock_anomaly AS each_anomalous, clock_provisional AS each_provisional,
        arrayEnumerate(clock_stage) AS each_place
    WHERE NOT each_anomalous AND each_cancelled = 0 AND each_finished = 0 AND each_round = length(round_started)
        AND if(each_stage = 'survey',
            state = 'resolved' AND (NOT late OR first_closed_ms = 0 AND each_due >= {oldest:Int64}),
            state = 'open')
        AND has({stages:Array(String)}, toString(each_stage)) -- if stages
)
GROUP BY stage, holder
