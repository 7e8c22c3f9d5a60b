-- The sums of whole months of registrations, from their facts: see schema 005. What is not decided at {made} stays a row.
INSERT INTO staging_table
    (unit, part, dimension, value, what, at, n, before, decides, after, until, calendar, left, category, priority, channel, department,
    owner, region, tier, product, level, cause_group)
WITH
    months AS
    (
        SELECT *, toStartOfMonth(toDate(registered_at)) AS unit
        FROM complaints FINAL
        WHERE toDate(registered_at) >= {first:Date} AND toDate(registered_at) <= {last:Date}
            AND toStartOfMonth(toDate(registered_at)) IN ({units:Array(Date)})
    ),
    marks AS
    (
        SELECT
            unit, what, before, decides, at, after, until, calendar, left,
            category, priority, channel, department, owner, region, tier, product, level, cause_group,
            calendar = '' AND (decides = 0 OR decides < {made:Int64}) AND at >= 0 AND at < 7258118400000 AS decided
        FROM months
        ARRAY JOIN
            mark_what AS what, mark_before AS before, mark_decides AS decides, mark_at AS at, mark_after AS after,
            mark_until AS until, mark_calendar AS calendar, mark_left AS left
        WHERE last_event_at <= {clock:DateTime64(3, 'UTC')}
    )
SELECT
    unit, 0 AS part, dimension, value, what, at, toInt64(count()) AS n, '' AS before, 0 AS decides, after, until, '' AS calendar, 0 AS left,
    '' AS category, '' AS priority, '' AS channel, '' AS department, '' AS owner, '' AS region, '' AS tier, '' AS product,
    '' AS level, '' AS cause_group
FROM
(
    SELECT
        unit, pair.1 AS dimension, pair.2 AS value, what,
        toUnixTimestamp64Milli(toStartOfDay(fromUnixTimestamp64Milli(at, {zone:String}))) AS at,
        if(after = 0, 0, toUnixTimestamp64Milli(toStartOfDay(fromUnixTimestamp64Milli(after, {zone:String})))) AS after,
        if(until = 0, 0, toUnixTimestamp64Milli(toStartOfDay(fromUnixTimestamp64Milli(until, {zone:String})))) AS until
    FROM marks
    ARRAY JOIN arrayConcat([
        ('', ''), ('category', toString(category)), ('priority', toString(priority)), ('channel', toString(channel)),
        ('department', toString(department)), ('owner', toString(owner)), ('region', toString(region)), ('tier', toString(tier)),
        ('product', toString(product)), ('level', toString(level)), ('cause_group', toString(cause_group))],
        if(what = 'registered', [('hour', toString(toHour(fromUnixTimestamp64Milli(marks.at, {zone:String}))))], [])) AS pair
    WHERE decided
)
GROUP BY unit, dimension, value, what, at, after, until
UNION ALL
SELECT
    unit, 0, 'row', '', what, at, 1, before, decides, after, until, calendar, left,
    category, priority, channel, department, owner, region, tier, product, level, cause_group
FROM marks
WHERE NOT decided
UNION ALL
SELECT
    unit, 0, 'span', '', span.1, span.2, span.3, '', 0, 0, 0, span.4, span.5,
    category, priority, channel, department, owner, region, tier, product, level, cause_group
FROM months
ARRAY JOIN arrayFilter(s -> s.1 != '', [
    (multiIf(response_anomaly, '', response_replied, 'replied', response_until != 0, 'censored', 'waiting'),
        toUnixTimestamp64Milli(registered_at), if(response_until != 0, response_took, response_base), toString(response_calendar), 0),
    (if(state = 'resolved' AND handling_gross >= 0, 'handled', ''), ended_ms, handling_gross, '', handling_net),
    (if(state = 'open', 'silent', 'silence'), toUnixTimestamp64Milli(registered_at), silence_longest, '', last_sign_ms)]) AS span
WHERE last_event_at <= {clock:DateTime64(3, 'UTC')}
UNION ALL
SELECT
    unit, 0, 'until', '', '', toUnixTimestamp64Milli(max(last_event_at)), 0, '', 0, 0, 0, '', 0,
    '', '', '', '', '', '', '', '', '', ''
FROM months
WHERE last_event_at <= {clock:DateTime64(3, 'UTC')}
GROUP BY unit
UNION ALL
SELECT arrayJoin({units:Array(Date)}), 0, 'made', {version:String}, '', {made:Int64}, 0, '', 0, 0, 0, '', 0, '', '', '', '', '', '', '', '', '', ''
UNION ALL
SELECT unit, 0, 'ahead', complaint_id, '', 0, 0, '', 0, 0, 0, '', 0, '', '', '', '', '', '', '', '', '', ''
FROM months
WHERE last_event_at > {clock:DateTime64(3, 'UTC')}
SETTINGS do_not_merge_across_partitions_select_final = 1, max_partitions_per_insert_block = 0,
    enable_extended_results_for_datetime_functions = 1
