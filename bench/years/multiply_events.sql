-- Copies of every raw event, as multiply.sql makes them of facts; the JSON keeps its words.
INSERT INTO events
    (k_topic, k_partition, k_offset, block_start, block_end, bus_time, backfill, event_id, complaint_id, kind, occurred_at, source, raw)
SELECT
    k_topic, k_partition, k_offset + number * 1000000000, block_start + number * 1000000000, block_end + number * 1000000000,
    bus_time + toIntervalMillisecond(number * 997), backfill, concat(event_id, '#', toString(number)),
    concat(complaint_id, '#', toString(number)), kind, occurred_at + toIntervalMillisecond(number * 997), source, raw
FROM events CROSS JOIN numbers({first:UInt64}, {copies:UInt64}) AS numbers
WHERE position(complaint_id, '#') = 0
SETTINGS max_insert_threads = 2
