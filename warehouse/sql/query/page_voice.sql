-- Complaints whose last valid rating by T lies in a bucket, by its score and by each value of each factor: the dimensions,
-- and what happened to them before that rating (traits.sql). The empty factor is all of them.
SELECT
    factor.1 AS name,
    factor.2 AS value,
    toUInt32(bucket) AS bucket,
    [toInt64(countIf(score = 1)), toInt64(countIf(score = 2)), toInt64(countIf(score = 3)), toInt64(countIf(score = 4)),
        toInt64(countIf(score = 5))] AS scores
FROM
(
    SELECT
        arrayCount(edge -> edge <= rating_at[-1], {edges:Array(Int64)}) AS bucket,
        rating_score[-1] AS score,
        arrayConcat(
            [
                ('', ''), ('category', toString(category)), ('priority', toString(priority)), ('channel', toString(channel)),
                ('department', toString(department)), ('region', toString(region)), ('tier', toString(tier)),
                ('product', toString(product)), ('level', toString(level)), ('cause_group', toString(cause_group)), ('issue', key)
            ],
            traits_of_complaint
        ) AS factors
    FROM facts
    WHERE mark_first < {edges:Array(Int64)}[-1] AND mark_last >= {edges:Array(Int64)}[1]
        AND notEmpty(rating_at) AND rating_at[-1] >= {edges:Array(Int64)}[1] AND rating_at[-1] < {edges:Array(Int64)}[-1]
)
ARRAY JOIN factors AS factor
GROUP BY name, value, bucket
