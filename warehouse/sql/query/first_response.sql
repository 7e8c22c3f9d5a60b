-- Working time from the registration to the first human reply, in each complaint's own calendar. Those that ended without
-- one are censored at their end, those that wait at T: {counted} holds each calendar's counted time up to T.
SELECT
    arrayCount(edge -> edge <= at, {edges:Array(Int64)}) AS bucket,
    key,
    map('pending', toInt64(countIf(what = 'waiting'))) AS counts,
    map('replied', groupArrayIf(n, what = 'replied'),
        'censored', groupArrayIf(if(what = 'waiting', {counted:Map(String, Int64)}[toString(calendar)] - n, n), what != 'replied')) AS lists
FROM spans
WHERE at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
GROUP BY bucket, key
