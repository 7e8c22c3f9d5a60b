-- The policies that were put in force, each once, in that order.
SELECT raw
FROM
(
    SELECT raw, occurred_at, event_id
    FROM decisions
    WHERE kind = 'policy.applied'
    ORDER BY k_offset, k_partition
    LIMIT 1 BY event_id
)
ORDER BY occurred_at, event_id
