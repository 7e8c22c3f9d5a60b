-- The parts that hold each month's sums, as a hash: replaced sums are other parts. And whether every month is summed up in
-- the way that the program knows, and the newest instant on the bus.
SELECT
    'parts' AS kind, toDate(extract(partition, '\\d{4}-\\d\\d-\\d\\d')) AS unit, toUInt8(extract(partition, ',(\\d+)')) AS part,
    toInt64(reinterpretAsInt64(cityHash64(arraySort(groupArray(name))))) AS n
FROM system.parts
WHERE database = currentDatabase() AND table = 'tallies' AND active
GROUP BY partition
UNION ALL
SELECT 'ready', toDate(0), 0, toInt64(count())
FROM tallies_ready FINAL
WHERE formula = {formula:String}
UNION ALL
SELECT 'clock', toDate(0), 0, toUnixTimestamp64Milli(max(bus_time))
FROM events
