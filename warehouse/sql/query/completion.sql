-- Of the complaints registered in the bucket and not withdrawn, rejected or merged: those resolved at T. Pending are open
-- ones not yet past their resolve clock's due; a frozen clock (open pause) never is.
SELECT
    arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(state = 'resolved')),
        'denominator', toInt64(count()),
        'pending', toInt64(countIf(state = 'open' AND (indexOf(clock_stage, 'resolve') = 0
            OR clock_frozen[indexOf(clock_stage, 'resolve')] OR clock_due[indexOf(clock_stage, 'resolve')] >= {t:Int64})))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
    AND state NOT IN ('withdrawn', 'rejected', 'merged')
GROUP BY bucket, key
