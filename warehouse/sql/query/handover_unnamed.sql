-- Every transfer; the numerator are those that name nobody to receive it.
SELECT
    arrayCount(edge -> edge <= at, {edges:Array(Int64)}) AS bucket,
    key,
    map('numerator', toInt64(countIf(NOT named)), 'denominator', toInt64(count())) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM facts
ARRAY JOIN transfer_at AS at, transfer_named AS named
WHERE at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[-1]
GROUP BY bucket, key
