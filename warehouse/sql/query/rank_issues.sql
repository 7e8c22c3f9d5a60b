-- What each issue cost in the period, of the slice; complaints that were merged into another count nowhere. A complaint
-- without a known customer is a customer of its own. Breached is one with a clock past its deadline or a promise not kept.
SELECT
    issue_id,
    countIf(now) AS complaints,
    uniqExactIf(if(customer_key = '', concat('complaint ', complaint_id), customer_key), now) AS customers,
    countIf(NOT now) AS previous,
    countIf(now AND notEmpty(rating_score)) AS rated,
    countIf(now AND notEmpty(rating_score) AND rating_score[-1] <= 3) AS dissatisfied,
    sumIf(handling_net, now AND state = 'resolved' AND handling_net > 0) AS handling,
    countIf(now AND state = 'resolved' AND handling_net >= 0) AS handled,
    countIf(now AND breached) AS breached
FROM
(
    SELECT
        complaint_id, customer_key, rating_score, state, handling_net,
        registered_at >= {from:DateTime64(3, 'UTC')} AS now,
        arrayExists((due, frozen, finished, cancelled, anomalous) ->
                NOT anomalous AND cancelled = 0 AND (finished > due OR finished = 0 AND NOT frozen AND due < {t:Int64}),
            clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly)
        OR arrayExists((due, kept, cancelled) -> NOT cancelled AND (kept > due OR kept = 0 AND due < {t:Int64}),
            promise_due, promise_kept, promise_cancelled) AS breached
    FROM facts
    WHERE state != 'merged' AND registered_at >= {previous:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
) AS counted
INNER JOIN
(
    SELECT complaint_id, issue_id FROM current_issue_members
    WHERE registered_at >= {previous:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
) AS member USING (complaint_id)
GROUP BY issue_id
HAVING complaints > 0
