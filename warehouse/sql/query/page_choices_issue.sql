-- Recurring issues among the complaints registered in the period, most frequent first.
SELECT 'issue' AS dimension, issue_id AS value, count() AS complaints
FROM facts
LEFT JOIN
(
    SELECT complaint_id, issue_id FROM current_issue_members
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
) AS member USING (complaint_id)
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
GROUP BY value
ORDER BY complaints DESC, value
LIMIT {most:UInt64}
