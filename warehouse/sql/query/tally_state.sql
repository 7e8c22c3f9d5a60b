-- Whether every week is summed up in the way that the program knows, the instant from which all sums hold, and the
-- complaints that they leave out.
SELECT
    (SELECT count() FROM tallies_ready FINAL WHERE formula = {formula:String}) > 0 AS ready,
    max(if(dimension = 'made', at, 0)) AS made,
    groupArrayIf(value, dimension = 'ahead') AS ahead
FROM tallies
WHERE dimension IN ('made', 'ahead')
