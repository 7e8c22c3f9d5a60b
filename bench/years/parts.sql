SELECT table, sum(rows) AS all_rows, sum(bytes_on_disk) AS bytes, count() AS parts
FROM system.parts
WHERE active AND database = currentDatabase() AND table IN ('complaints', 'tallies', 'events')
GROUP BY table
ORDER BY table
