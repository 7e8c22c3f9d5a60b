-- Of each month's sums when they were made, as which version, and what they leave out; whether every month is summed up in
-- the way that the program knows; and the newest instant on the bus.
SELECT unit, part, dimension, value, at
FROM tallies
WHERE dimension IN ('made', 'until', 'ahead')
UNION ALL
SELECT toDate(0), 0, 'ready', '', toInt64(count())
FROM tallies_ready FINAL
WHERE formula = {formula:String}
UNION ALL
SELECT toDate(0), 0, 'clock', '', toUnixTimestamp64Milli(max(bus_time))
FROM events
