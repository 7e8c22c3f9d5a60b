-- Complaints whose first resolution lies in the period, came after one human touch, is 30 days old at T and was not
-- reopened, and that another complaint repeats within 30 days all the same.
SELECT earlier.complaint_id
FROM
(
    SELECT
        complaint_id, category, product, customer_key, channel, registered_ms,
        round_ended[indexOf(round_ended_as, 'resolved')] AS resolved,
        round_reopened[indexOf(round_ended_as, 'resolved')] AS reopened
    FROM facts
    WHERE customer_key != '' AND category != '' AND has(round_ended_as, 'resolved')
        AND resolved >= {edges:Array(Int64)}[1] AND resolved < {edges:Array(Int64)}[-1] AND {t:Int64} - resolved >= 2592000000
        AND (touches = 1 OR touches = 0 AND resolved_by_human)
        AND NOT (reopened != 0 AND reopened - resolved <= 2592000000)
) AS earlier
INNER JOIN
(
    SELECT complaint_id, category, product, customer_key, channel, toUnixTimestamp64Milli(registered_at) AS registered_ms
    FROM everything
    WHERE customer_key != '' AND category != '' AND state != 'merged' AND registered_at >= {from:DateTime64(3, 'UTC')}
) AS later
ON later.customer_key = earlier.customer_key AND later.category = earlier.category AND later.product = earlier.product
WHERE later.complaint_id != earlier.complaint_id
    AND later.registered_ms > earlier.resolved AND later.registered_ms - earlier.resolved <= 2592000000
    AND NOT (later.channel != earlier.channel AND abs(later.registered_ms - earlier.registered_ms) < 86400000)
