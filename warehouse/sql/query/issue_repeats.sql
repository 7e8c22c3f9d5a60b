-- As repeats, with the same recurring issue instead of category and product.
SELECT later.complaint_id
FROM
(
    SELECT complaint_id, issue_id, customer_key, channel, toUnixTimestamp64Milli(registered_at) AS registered_ms
    FROM facts AS f INNER JOIN current_issue_members AS m ON f.complaint_id = m.complaint_id
    WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND customer_key != '' AND issue_id != ''
) AS later
INNER JOIN
(
    SELECT complaint_id, issue_id, customer_key, channel, toUnixTimestamp64Milli(registered_at) AS registered_ms,
        round_ended, round_ended_as, round_reopened
    FROM everything AS f INNER JOIN current_issue_members AS m ON f.complaint_id = m.complaint_id
    WHERE customer_key != '' AND issue_id != '' AND last_event_at >= {from:DateTime64(3, 'UTC')} - INTERVAL 30 DAY
) AS earlier
ON later.customer_key = earlier.customer_key AND later.issue_id = earlier.issue_id
WHERE later.complaint_id != earlier.complaint_id
    AND arrayExists((ended, how, reopened) -> how NOT IN ('', 'merged') AND ended < later.registered_ms
            AND later.registered_ms - ended <= 2592000000 AND (reopened = 0 OR reopened >= later.registered_ms),
        earlier.round_ended, earlier.round_ended_as, earlier.round_reopened)
    AND NOT (later.channel != earlier.channel AND abs(later.registered_ms - earlier.registered_ms) < 86400000)
