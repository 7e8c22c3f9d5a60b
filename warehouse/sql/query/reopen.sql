-- Every resolution in the bucket that is 30 days old at T; reopened within 30 days of it.
SELECT
    arrayCount(edge -> edge <= ended, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf({t:Int64} - ended >= 2592000000 AND reopened != 0 AND reopened - ended <= 2592000000)),
        'denominator', toInt64(countIf({t:Int64} - ended >= 2592000000)),
        'pending', toInt64(countIf({t:Int64} - ended < 2592000000))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
ARRAY JOIN round_ended AS ended, round_ended_as AS how, round_reopened AS reopened
WHERE how = 'resolved' AND ended >= {edges:Array(Int64)}[1] AND ended < {edges:Array(Int64)}[-1]
GROUP BY bucket, key
