-- What came in, what went out and what stayed, for every bucket. A complaint is open at an edge when a round began before
-- it and did not end before it; the end of the last bucket may lie after T, then the facts say what was open at T.
SELECT
    bucket,
    key,
    map('opening', toInt64(countIf(arrayExists((s, e) -> s < opens AND (e = 0 OR e >= opens), round_started, round_ended))),
        'registered', toInt64(countIf(registered_ms >= opens AND registered_ms < closes)),
        'reopened', toInt64(sum(arrayCount(s -> s >= opens AND s < closes, arrayPopFront(round_started)))),
        'resolved', toInt64(sum(arrayCount((e, how) -> e >= opens AND e < closes AND how = 'resolved', round_ended, round_ended_as))),
        'withdrawn', toInt64(sum(arrayCount((e, how) -> e >= opens AND e < closes AND how IN ('withdrawn', 'rejected'), round_ended, round_ended_as))),
        'merged', toInt64(sum(arrayCount((e, how) -> e >= opens AND e < closes AND how = 'merged', round_ended, round_ended_as))),
        'closing', toInt64(countIf(arrayExists((s, e) -> s < closes AND (e = 0 OR e >= closes), round_started, round_ended)))) AS counts,
    CAST(map(), 'Map(String, Array(Int64))') AS lists
FROM
(
    SELECT
        arrayJoin(range(1, toUInt32(length({edges:Array(Int64)})))) AS bucket,
        {edges:Array(Int64)}[bucket] AS opens,
        {edges:Array(Int64)}[bucket + 1] AS closes,
        key, registered_ms, round_started, round_ended, round_ended_as
    FROM facts
    WHERE registered_at < {to:DateTime64(3, 'UTC')} AND (state = 'open' OR last_event_at >= {from:DateTime64(3, 'UTC')})
)
GROUP BY bucket, key
