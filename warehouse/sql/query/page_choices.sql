-- Values of every dimension, but of recurring issues, among the complaints registered in the period, most frequent first.
SELECT pair.1 AS dimension, pair.2 AS value, count() AS complaints
FROM
(
    SELECT arrayJoin([
        ('category', toString(category)), ('priority', toString(priority)), ('channel', toString(channel)),
        ('department', toString(department)), ('owner', toString(owner)), ('region', toString(region)),
        ('tier', toString(tier)), ('product', toString(product)), ('level', toString(level)),
        ('cause_group', toString(cause_group))]) AS pair
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
)
GROUP BY dimension, value
ORDER BY dimension, complaints DESC, value
LIMIT {most:UInt64} BY dimension
