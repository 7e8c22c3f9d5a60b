-- What the complaints resolved at T by their last resolution in the period spent their time on: of all (everybody), and by
-- department.
SELECT
    whom.1 AS everybody,
    whom.2 AS department,
    toString(spending) AS spending,
    toInt64(length(wall)) AS n,
    [wall[intDiv(50 * length(wall) + 99, 100)], wall[intDiv(90 * length(wall) + 99, 100)], arraySum(wall),
        office[intDiv(50 * length(office) + 99, 100)], office[intDiv(90 * length(office) + 99, 100)], arraySum(office)] AS times
FROM
(
    SELECT whom, spending, arraySort(groupArray(took)) AS wall, arraySort(groupArray(worked)) AS office
    FROM
    (
        SELECT spent_on, spent_took, spent_worked, arrayJoin([(true, ''), (false, toString(department))]) AS whom
        FROM facts
        WHERE mark_first < {edges:Array(Int64)}[-1] AND mark_last >= {edges:Array(Int64)}[1]
            AND state = 'resolved' AND handling_gross >= 0 AND ended_ms >= {edges:Array(Int64)}[1] AND ended_ms < {edges:Array(Int64)}[2]
    )
    ARRAY JOIN spent_on AS spending, spent_took AS took, spent_worked AS worked
    GROUP BY whom, spending
)
