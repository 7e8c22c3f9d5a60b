-- Arrivals on the bus by channel. Events whose bus time says nothing of their source (imports of history) have no lag.
SELECT
    channel,
    last,
    toInt64(length(lags)) AS arrived,
    lags[intDiv(50 * length(lags) + 99, 100)] AS p50,
    lags[intDiv(95 * length(lags) + 99, 100)] AS p95
FROM
(
    SELECT
        toString(channel) AS channel,
        max(occurred + lag) AS last,
        arraySort(groupArrayIf(lag, lag >= 0 AND occurred + lag >= {t:Int64} - 3600000)) AS lags
    FROM
    (
        SELECT channel, sync_occurred, sync_lag
        FROM complaints FINAL
        PREWHERE last_event_at >= {since:DateTime64(3, 'UTC')} OR is_deleted
        WHERE registered_at <= {at:DateTime64(3, 'UTC')}
    )
    ARRAY JOIN sync_occurred AS occurred, sync_lag AS lag
    WHERE occurred + lag <= {t:Int64}
    GROUP BY channel
)
ORDER BY channel
