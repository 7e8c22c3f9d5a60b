SELECT count()
FROM
(
    SELECT argMax(kind, (occurred_at, event_id)) AS last
    FROM events
    WHERE kind IN ('registered', 'reopened', 'resolved', 'closed', 'withdrawn', 'rejected', 'merged') AND occurred_at < {to:DateTime64(3, 'UTC')}
    GROUP BY complaint_id
)
WHERE last IN ('registered', 'reopened')
