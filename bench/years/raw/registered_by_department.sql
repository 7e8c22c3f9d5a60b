SELECT department, count()
FROM
(
    SELECT
        minIf(occurred_at, kind = 'registered') AS registered,
        argMaxIf(JSONExtractString(raw, 'data', if(kind = 'transferred', 'to', 'department')), (occurred_at, event_id),
            kind IN ('dispatched', 'confirmed', 'transferred')) AS department
    FROM events
    WHERE kind IN ('registered', 'dispatched', 'confirmed', 'transferred')
    GROUP BY complaint_id
)
WHERE registered >= {from:DateTime64(3, 'UTC')} AND registered < {to:DateTime64(3, 'UTC')}
GROUP BY department
