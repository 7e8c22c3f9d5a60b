WITH
    stored AS (SELECT complaint_id, uniqExact(event_id) AS distinct_events FROM events GROUP BY complaint_id),
    facts AS
    (
        SELECT complaint_id, max(events) AS folded
        FROM
        (
            SELECT complaint_id, events FROM complaints FINAL
            UNION ALL
            SELECT complaint_id, events FROM orphans FINAL
        )
        GROUP BY complaint_id
    )
SELECT
    count() AS complaints,
    countIf(folded > 0) AS facts,
    countIf(folded > 0 AND folded != distinct_events) AS behind
FROM stored
LEFT JOIN facts USING (complaint_id)
