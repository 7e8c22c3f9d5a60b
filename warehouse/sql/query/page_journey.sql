-- Milestones that complaints came to: of those registered in the period (the last bucket), and of those resolved at T by
-- their last resolution in a bucket. Every complaint came to its registration, so that is how many there are.
SELECT
    cohort.1 AS of,
    toUInt32(cohort.2) AS bucket,
    toString(what) AS milestone,
    reached,
    backwards,
    if(empty(times), 0, times[intDiv(50 * length(times) + 99, 100)]) AS p50,
    if(empty(times), 0, times[intDiv(90 * length(times) + 99, 100)]) AS p90
FROM
(
    SELECT
        cohort,
        what,
        toInt64(count()) AS reached,
        toInt64(countIf(took < 0)) AS backwards,
        arraySort(groupArrayIf(took, took >= 0)) AS times
    FROM
    (
        SELECT cohort, what, at - registered_ms AS took
        FROM
        (
            SELECT
                registered_ms, arrayZip(milestone_what, milestone_at) AS milestones,
                arrayJoin(arrayFilter(c -> c.2 > 0, [
                    ('registered', if(state != 'merged' AND registered_ms >= {edges:Array(Int64)}[-2] AND registered_ms < {edges:Array(Int64)}[-1],
                        length({edges:Array(Int64)}) - 1, 0)),
                    ('resolved', if(state = 'resolved' AND handling_gross >= 0 AND ended_ms >= {edges:Array(Int64)}[1] AND ended_ms < {edges:Array(Int64)}[-1],
                        arrayCount(edge -> edge <= ended_ms, {edges:Array(Int64)}), 0))
                ])) AS cohort
            FROM facts
            WHERE mark_first < {edges:Array(Int64)}[-1] AND mark_last >= {edges:Array(Int64)}[1]
        )
        ARRAY JOIN milestones.1 AS what, milestones.2 AS at
    )
    GROUP BY cohort, what
)
