-- Months whose sums stand there twice: what was replaced can come back with a restart of the engine.
SELECT DISTINCT unit
FROM (SELECT unit FROM tallies WHERE dimension = 'made' GROUP BY unit, part HAVING count() > 1)
ORDER BY unit
