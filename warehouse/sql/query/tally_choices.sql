SELECT dimension, value, toUInt64(sum(n)) AS complaints
FROM tallies
WHERE part = 0 AND unit >= toStartOfMonth(toDate({from:DateTime64(3, 'UTC')})) AND unit <= toDate({to:DateTime64(3, 'UTC')})
    AND dimension IN ({dimensions:Array(String)}) AND what = 'registered'
    AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
GROUP BY dimension, value
ORDER BY dimension, complaints DESC, value
LIMIT {most:UInt64} BY dimension
