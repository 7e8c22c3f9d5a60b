-- Whether every month is summed up in the way that the program knows, and once; the instant from which all sums hold, the
-- complaints that they leave out, and the newest instant on the bus.
SELECT
    (SELECT count() FROM tallies_ready FINAL WHERE formula = {formula:String}) > 0 AS ready,
    (SELECT count() FROM (SELECT unit FROM tallies WHERE dimension = 'made' GROUP BY unit, part HAVING count() > 1)) AS twice,
    max(if(dimension = 'ahead', 0, at)) AS made,
    groupArrayIf(value, dimension = 'ahead') AS ahead,
    (SELECT max(bus_time) FROM events) AS clock
FROM tallies
WHERE dimension IN ('made', 'until', 'ahead')
