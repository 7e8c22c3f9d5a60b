-- The complaints of the period by cause group, department, and the step whose deadline they broke first.
SELECT cause, holder, step, count() AS complaints
FROM
(
    SELECT
        complaint_id,
        toString(cause_group) AS cause,
        toString(department) AS holder,
        arrayFirst(one -> true, arraySort(one -> one.1, arrayFilter(one -> one.2 != '', arrayMap(
            (stage, due, frozen, finished, cancelled, anomalous) ->
                (due, if(NOT anomalous AND cancelled = 0 AND (finished > due OR finished = 0 AND NOT frozen AND due < {t:Int64}), toString(stage), '')),
            clock_stage, clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly)))).2 AS step
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
)
GROUP BY cause, holder, step
ORDER BY complaints DESC, cause, holder, step
