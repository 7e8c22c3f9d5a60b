-- Marks by the bucket that holds their instant. A mark whose complaint pauses at T comes as much working time after T as it
-- has left: {ahead} holds for each calendar the working time from T to each edge. Bucket 0 is what came before the first.
SELECT bucket, key, late AS what, toInt64(sum(n)) AS n
FROM
(
    SELECT
        key, n, after, until,
        if(decides = 0 OR decides < {t:Int64}, what, before) AS late,
        if(calendar != '', arrayCount(ahead -> ahead < left, {ahead:Map(String, Array(Int64))}[toString(calendar)]),
            arrayCount(edge -> edge <= at, {edges:Array(Int64)})) AS bucket
    FROM marks
)
WHERE has({marks:Array(String)}, late) AND bucket < length({edges:Array(Int64)})
    AND (bucket >= 1 OR has({running:Array(String)}, late))
    AND after < {edges:Array(Int64)}[greatest(bucket, 1)] AND (until = 0 OR until >= {edges:Array(Int64)}[bucket + 1])
GROUP BY bucket, key, late
