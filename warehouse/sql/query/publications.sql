-- The periods that were published, each once, in that order: of two contents under one id the lowest offset counts.
SELECT raw
FROM
(
    SELECT raw, occurred_at, event_id
    FROM decisions
    WHERE kind = 'period.published'
    ORDER BY k_offset, k_partition
    LIMIT 1 BY subject, event_id
)
ORDER BY occurred_at, event_id
