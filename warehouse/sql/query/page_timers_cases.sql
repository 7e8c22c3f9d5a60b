-- What happened in windows that end at T, under the definitions of missed, escalation, repeat and strip. Everything in a
-- window left an event in it.
WITH recent AS
    (
        SELECT
            complaint_id, toUnixTimestamp64Milli(registered_at) AS registered_ms, state, escalated_ms, response_anomaly, abandoned,
            missed_after, response_until, round_started, round_ended, round_ended_as, round_reopened, customer_key, category,
            product, channel
        FROM complaints FINAL
        PREWHERE last_event_at >= {since:DateTime64(3, 'UTC')} - INTERVAL 30 DAY OR is_deleted
        WHERE registered_at <= {at:DateTime64(3, 'UTC')}
    )
SELECT
    sumForEachIf(arrayMap(edge -> toInt64(registered_ms >= edge), {edges:Array(Int64)}), counts) AS received,
    sumForEach(arrayMap(edge -> toInt64(arrayCount((e, how) -> e >= edge AND e < {t:Int64} AND how = 'resolved', round_ended, round_ended_as)),
        {edges:Array(Int64)})) AS completed,
    sumForEachIf(arrayMap(edge -> toInt64(registered_ms >= edge), {edges:Array(Int64)}), counts AND escalated_ms != 0) AS escalated,
    sumForEachIf(arrayMap(edge -> toInt64(registered_ms >= edge), {edges:Array(Int64)}), counts AND NOT response_anomaly
        AND (abandoned OR missed_after != 0 AND if(response_until = 0, {t:Int64}, response_until) > missed_after)) AS missed,
    sumForEach(arrayMap(edge -> toInt64(arrayCount(s -> s >= edge AND s < {t:Int64}, arrayPopFront(round_started))),
        {edges:Array(Int64)})) AS reopened,
    sumForEachIf(arrayMap(edge -> toInt64(registered_ms >= edge), {edges:Array(Int64)}), counts AND complaint_id IN
        (
            SELECT later.complaint_id
            FROM
            (
                SELECT complaint_id, category, product, customer_key, channel, registered_ms
                FROM recent
                WHERE registered_ms >= {edges:Array(Int64)}[-1] AND registered_ms < {t:Int64} AND customer_key != '' AND category != ''
            ) AS later
            INNER JOIN
            (
                SELECT complaint_id, category, product, customer_key, channel, registered_ms, round_ended, round_ended_as, round_reopened
                FROM recent
                WHERE customer_key != '' AND category != ''
            ) AS earlier
            ON later.customer_key = earlier.customer_key AND later.category = earlier.category AND later.product = earlier.product
            WHERE later.complaint_id != earlier.complaint_id
                AND arrayExists((ended, how, reopened) -> how NOT IN ('', 'merged') AND ended < later.registered_ms
                        AND later.registered_ms - ended <= 2592000000 AND (reopened = 0 OR reopened >= later.registered_ms),
                    earlier.round_ended, earlier.round_ended_as, earlier.round_reopened)
                AND NOT (later.channel != earlier.channel AND abs(later.registered_ms - earlier.registered_ms) < 86400000)
        )) AS repeated
FROM
(
    SELECT *, state != 'merged' AND registered_ms < {t:Int64} AS counts
    FROM recent
)
