-- Repeats by the bucket of their registration.
SELECT arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket, key, 'repeat' AS what, toInt64(count()) AS n
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged'
    AND complaint_id IN (complaints_of_repeats)
GROUP BY bucket, key
