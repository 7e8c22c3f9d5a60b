-- Ratings by the instant of the answer, the last and the first valid one of each complaint; surveys by that of the offer.
SELECT bucket, key, sumMap(counts) AS counts, CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        arrayCount(edge -> edge <= rating_at[-1], {edges:Array(Int64)}) AS bucket,
        key,
        map('numerator', toInt64(countIf(rating_score[-1] >= 4)),
            'denominator', toInt64(count()),
            'sum', toInt64(sum(rating_score[-1]))) AS counts
    FROM facts
    WHERE notEmpty(rating_at) AND rating_at[-1] >= {edges:Array(Int64)}[1] AND rating_at[-1] < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key
    UNION ALL
    SELECT
        arrayCount(edge -> edge <= rating_at[1], {edges:Array(Int64)}) AS bucket,
        key,
        map('first_numerator', toInt64(countIf(rating_score[1] >= 4)),
            'first_denominator', toInt64(count()),
            'first_sum', toInt64(sum(rating_score[1]))) AS counts
    FROM facts
    WHERE notEmpty(rating_at) AND rating_at[1] >= {edges:Array(Int64)}[1] AND rating_at[1] < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key
    UNION ALL
    SELECT
        arrayCount(edge -> edge <= offered, {edges:Array(Int64)}) AS bucket,
        key,
        map('offered', toInt64(count()),
            'answered', toInt64(countIf(answered != 0)),
            'satisfied', toInt64(countIf(score >= 4))) AS counts
    FROM facts
    ARRAY JOIN survey_offered AS offered, survey_answered AS answered, survey_score AS score
    WHERE offered >= {edges:Array(Int64)}[1] AND offered < {edges:Array(Int64)}[-1] AND offered <= {t:Int64}
    GROUP BY bucket, key
)
GROUP BY bucket, key
