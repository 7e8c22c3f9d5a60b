-- Complaints by their verifications; the last one in the bucket decides.
SELECT
    bucket,
    key,
    map('numerator', toInt64(countIf(accepted)), 'denominator', toInt64(count())) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT arrayCount(edge -> edge <= verified, {edges:Array(Int64)}) AS bucket, key, complaint_id, argMax(outcome, n) AS accepted
    FROM facts
    ARRAY JOIN verified_at AS verified, verified_accepted AS outcome, arrayEnumerate(verified_at) AS n
    WHERE verified >= {edges:Array(Int64)}[1] AND verified < {edges:Array(Int64)}[-1]
    GROUP BY bucket, key, complaint_id
)
GROUP BY bucket, key
