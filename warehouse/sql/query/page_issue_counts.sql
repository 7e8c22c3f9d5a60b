-- What the issue stream counts under the slice, by issue; the empty issue are complaints in none. A complaint without a
-- known customer is a customer of its own.
SELECT
    issue_id,
    countIf(now) AS complaints,
    uniqExactIf(if(customer_key = '', concat('complaint ', complaint_id), customer_key), now) AS customers,
    countIf(registered_at < {from:DateTime64(3, 'UTC')}) AS previous,
    countIf(now AND notEmpty(rating_score)) AS rated,
    countIf(now AND rating_score[-1] >= 4) AS satisfied,
    sumMapIf(map(toString(department), toUInt64(1)), now AND department != '') AS departments,
    sumMapIf(map(toUInt32(bucket), toUInt64(1)), now) AS trend
FROM
(
    SELECT
        complaint_id, registered_at, customer_key, rating_score, department,
        registered_at >= {from:DateTime64(3, 'UTC')} AS now,
        arrayCount(edge -> edge <= registered_ms, {edges:Array(Int64)}) AS bucket
    FROM facts
    WHERE registered_at >= {previous:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
) AS counted
LEFT JOIN
(
    SELECT complaint_id, issue_id FROM current_issue_members
    WHERE registered_at >= {previous:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
) AS member USING (complaint_id)
GROUP BY issue_id
