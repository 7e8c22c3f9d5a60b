-- Whether the daily sums of each month hold the marks that its facts carry, by kind of mark, less those of complaints that
-- are ahead.
WITH
    left_out AS (SELECT value FROM tallies WHERE dimension = 'ahead'),
    both AS
    (
        SELECT toStartOfMonth(toDate(registered_at)) AS unit, what, toInt64(count()) AS carried, 0 AS summed
        FROM complaints FINAL
        ARRAY JOIN mark_what AS what
        WHERE complaint_id NOT IN (SELECT value FROM left_out)
        GROUP BY unit, what
        UNION ALL
        SELECT unit, what, 0, sum(n)
        FROM tallies
        WHERE part = 0 AND dimension IN ('', 'row')
        GROUP BY unit, what
    )
SELECT uniqExact(unit) AS months, uniqExactIf(unit, carried != summed) AS wrong
FROM (SELECT unit, what, sum(carried) AS carried, sum(summed) AS summed FROM both GROUP BY unit, what)
