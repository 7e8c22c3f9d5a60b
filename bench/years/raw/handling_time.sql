SELECT quantileExact(0.5)(took), quantileExact(0.9)(took)
FROM
(
    SELECT
        minIf(occurred_at, kind = 'registered') AS registered, maxIf(occurred_at, kind = 'resolved') AS resolved,
        toUnixTimestamp64Milli(resolved) - toUnixTimestamp64Milli(registered) AS took
    FROM events
    WHERE kind IN ('registered', 'resolved')
    GROUP BY complaint_id
)
WHERE resolved >= {from:DateTime64(3, 'UTC')} AND resolved < {to:DateTime64(3, 'UTC')}
