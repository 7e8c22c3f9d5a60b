-- Months whose sums stand there twice: what was replaced can come back with a restart of the engine.
SELECT unit, max(times) AS times
FROM (SELECT unit, count() AS times FROM tallies WHERE dimension = 'made' GROUP BY unit, part HAVING times > 1)
GROUP BY unit
ORDER BY unit
