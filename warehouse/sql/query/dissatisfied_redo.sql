-- A complaint belongs to every bucket that holds a rating of 3 or less; the first of them in the bucket decides.
SELECT
    bucket,
    key,
    map('numerator', toInt64(countIf(redone)), 'denominator', toInt64(count())) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT arrayCount(edge -> edge <= rated, {edges:Array(Int64)}) AS bucket, key, complaint_id, argMin(reopened, n) AS redone
    FROM facts
    ARRAY JOIN rating_at AS rated, rating_score AS score, rating_reopened AS reopened, arrayEnumerate(rating_at) AS n
    WHERE score <= 3 AND rated >= {edges:Array(Int64)}[1] AND rated < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key, complaint_id
)
GROUP BY bucket, key
