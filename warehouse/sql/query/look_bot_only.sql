-- Complaints registered in the period whose time to be answered has run out; looked at are those that a bot or a
-- system acknowledged, found are those that no person answered in time.
SELECT
    complaint_id,
    complaint_id IN
    (
        SELECT complaint_id
        FROM events
        WHERE kind = 'acknowledged' AND occurred_at <= {at:DateTime64(3, 'UTC')}
            AND (JSONExtractString(raw, 'actor', 'role') IN ('bot', 'system') OR JSONExtractString(raw, 'data', 'actor', 'role') IN ('bot', 'system'))
            AND complaint_id IN
            (
                SELECT complaint_id
                FROM facts
                WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
            )
    ) AS looked,
    finished = 0 OR finished > due AS found
FROM
(
    SELECT
        complaint_id,
        arrayFirstIndex((stage, anomalous, cancelled) -> stage = 'acknowledge' AND NOT anomalous AND cancelled = 0, clock_stage, clock_anomaly, clock_cancelled) AS clock,
        clock_due[clock] AS due,
        clock_finished[clock] AS finished
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND clock > 0 AND due < {t:Int64}
)
