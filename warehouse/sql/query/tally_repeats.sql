-- Repeats among the complaints registered in whole months: see schema 005.
INSERT INTO staging_table (unit, part, dimension, value, what, at, n)
WITH
    everything AS
    (
        SELECT
            complaint_id, registered_at, last_event_at, state, category, product, customer_key, channel, round_ended, round_ended_as,
            round_reopened, priority, department, owner, region, tier, level, cause_group
        FROM complaints FINAL
        WHERE registered_at < {to:DateTime64(3, 'UTC')} AND last_event_at >= {from:DateTime64(3, 'UTC')} - INTERVAL 30 DAY
            AND customer_key != '' AND category != ''
    ),
    facts AS
    (
        SELECT *, toUnixTimestamp64Milli(registered_at) AS registered_ms
        FROM everything
        WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND last_event_at <= {clock:DateTime64(3, 'UTC')} AND state != 'merged'
    )
SELECT
    toStartOfMonth(toDate(registered_at)) AS unit, 1, pair.1 AS dimension, pair.2 AS value, 'repeat',
    toUnixTimestamp64Milli(toDateTime64(toStartOfDay(registered_at, {zone:String}), 3)) AS at, toInt64(count()) AS n
FROM facts
ARRAY JOIN [
    ('', ''), ('category', toString(category)), ('priority', toString(priority)), ('channel', toString(channel)),
    ('department', toString(department)), ('owner', toString(owner)), ('region', toString(region)), ('tier', toString(tier)),
    ('product', toString(product)), ('level', toString(level)), ('cause_group', toString(cause_group))] AS pair
WHERE toStartOfMonth(toDate(registered_at)) IN ({units:Array(Date)}) AND complaint_id IN (complaints_of_repeats)
GROUP BY unit, dimension, value, at
UNION ALL
SELECT arrayJoin({units:Array(Date)}), 1, 'made', {version:String}, '', 0, 0
SETTINGS do_not_merge_across_partitions_select_final = 1, max_partitions_per_insert_block = 0
