SELECT countIf(score >= 4) / count()
FROM
(
    SELECT argMax(JSONExtractFloat(raw, 'data', 'score'), (occurred_at, event_id)) AS score, max(occurred_at) AS rated
    FROM events
    WHERE kind = 'surveyed' AND JSONExtractBool(raw, 'data', 'answered')
    GROUP BY complaint_id
)
WHERE rated >= {from:DateTime64(3, 'UTC')} AND rated < {to:DateTime64(3, 'UTC')}
