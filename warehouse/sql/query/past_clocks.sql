-- What the replay of alerts asks of the complaints that lived after an instant: clocks, and when they were missed or
-- escalated.
SELECT
    complaint_id, registered_at, toString(state), toString(priority), toString(department), round_ended, escalated_ms, response_until,
    missed_after, abandoned, response_anomaly,
    arrayMap(s -> toString(s), clock_stage), clock_round, arrayMap(s -> toString(s), clock_rule),
    arrayMap(s -> toString(s), clock_calendar), clock_started, clock_target, clock_warn, clock_due,
    clock_frozen, clock_finished, clock_cancelled, clock_anomaly
FROM
(
    SELECT *
    FROM complaints FINAL
    PREWHERE last_event_at >= {since:DateTime64(3, 'UTC')} OR is_deleted
    WHERE registered_at < {to:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT *
    FROM complaints FINAL
    WHERE state = 'open' AND last_event_at < {since:DateTime64(3, 'UTC')} AND complaint_id IN
        (
            SELECT complaint_id FROM complaints
            WHERE state = 'open' AND last_event_at < {since:DateTime64(3, 'UTC')}
        )
)
