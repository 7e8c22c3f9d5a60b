-- What is known of the complaints registered in a period: counts of what is impossible, contradictory or missing.
SELECT
    count() AS registered,
    countIf(notEmpty(anomalies)) AS anomalous,
    countIf(conflicting) AS conflicting,
    countIf(arrayExists(p -> p, clock_provisional)) AS provisional,
    mapFromArrays(
        ['category', 'priority', 'channel', 'department', 'owner', 'region', 'tier', 'product', 'level', 'cause_group'],
        [countIf(category = ''), countIf(priority = ''), countIf(channel = ''), countIf(department = ''), countIf(owner = ''), countIf(region = ''),
            countIf(tier = ''), countIf(product = ''), countIf(level = ''), countIf(cause_group = '')]
    ) AS missing,
    sumMap(arrayMap(a -> (a, toUInt64(1)), anomalies)::Map(String, UInt64)) AS by_anomaly
FROM complaints FINAL
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
SETTINGS do_not_merge_across_partitions_select_final = 1
