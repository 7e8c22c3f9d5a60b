SELECT dimension, value, toUInt64(sum(n)) AS complaints
FROM tallies
WHERE dimension IN ({dimensions:Array(String)}) AND what = 'registered'
    AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
GROUP BY dimension, value
ORDER BY dimension, complaints DESC, value
LIMIT {most:UInt64} BY dimension
