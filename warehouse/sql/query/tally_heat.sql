SELECT toDayOfWeek(fromUnixTimestamp64Milli(at, {zone:String})) AS weekday, toUInt8(value) AS hour, toUInt64(sum(n)) AS complaints
FROM tallies
WHERE dimension = 'hour' AND what = 'registered' AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
GROUP BY weekday, hour
ORDER BY weekday, hour
