-- Clocks that were finished in a stretch, and their promise: how long they took is told from where they stood to their
-- deadline.
SELECT
    toString(each_stage),
    toString(priority),
    toString(each_calendar),
    each_target,
    each_due,
    each_finished
FROM
(
    SELECT priority, clock_stage, clock_calendar, clock_target, clock_due, clock_finished, clock_cancelled, clock_anomaly
    FROM complaints FINAL
    PREWHERE last_event_at >= {since:DateTime64(3, 'UTC')} OR is_deleted
    WHERE registered_at <= {at:DateTime64(3, 'UTC')}
)
ARRAY JOIN
    clock_stage AS each_stage, clock_calendar AS each_calendar, clock_target AS each_target, clock_due AS each_due,
    clock_finished AS each_finished, clock_cancelled AS each_cancelled, clock_anomaly AS each_anomalous
WHERE NOT each_anomalous AND each_cancelled = 0 AND each_target > 0
    AND each_finished >= {from:Int64} AND each_finished < {to:Int64}
