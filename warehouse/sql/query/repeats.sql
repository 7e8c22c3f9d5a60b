-- Complaints of the period that repeat an earlier one of the same customer, category and product, which had ended and was
-- still ended, within 30 days. Registrations over two channels within a day are one complaint told twice.
SELECT later.complaint_id
FROM
(
    SELECT complaint_id, category, product, customer_key, channel, registered_ms
    FROM facts
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND customer_key != '' AND category != ''
) AS later
INNER JOIN
(
    SELECT complaint_id, category, product, customer_key, channel, toUnixTimestamp64Milli(registered_at) AS registered_ms,
        round_ended, round_ended_as, round_reopened
    FROM everything
    WHERE customer_key != '' AND category != '' AND last_event_at >= {from:DateTime64(3, 'UTC')} - INTERVAL 30 DAY
        AND registered_at < {to:DateTime64(3, 'UTC')}
) AS earlier
ON later.customer_key = earlier.customer_key AND later.category = earlier.category AND later.product = earlier.product
WHERE later.complaint_id != earlier.complaint_id
    AND arrayExists((ended, how, reopened) -> how NOT IN ('', 'merged') AND ended < later.registered_ms
            AND later.registered_ms - ended <= 2592000000 AND (reopened = 0 OR reopened >= later.registered_ms),
        earlier.round_ended, earlier.round_ended_as, earlier.round_reopened)
    AND NOT (later.channel != earlier.channel AND abs(later.registered_ms - earlier.registered_ms) < 86400000)
