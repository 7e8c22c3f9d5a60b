-- Values of every dimension among the complaints registered in the period, most frequent first.
SELECT pair.1 AS dimension, pair.2 AS value, count() AS complaints
FROM
(
    SELECT arrayJoin([
        ('category', toString(category)), ('priority', toString(priority)), ('channel', toString(channel)),
        ('department', toString(department)), ('owner', toString(owner)), ('region', toString(region)),
        ('tier', toString(tier)), ('product', toString(product)), ('level', toString(level)),
        ('cause_group', toString(cause_group)), ('issue', issue_id)]) AS pair
    FROM facts
    LEFT JOIN
    (
        SELECT complaint_id, issue_id FROM current_issue_members
        WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
    ) AS member USING (complaint_id)
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
)
GROUP BY dimension, value
ORDER BY dimension, complaints DESC, value
LIMIT {most:UInt64} BY dimension
