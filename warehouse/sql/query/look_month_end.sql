-- Resolutions in the period; looked at are those in the last three days of a calendar month, found are those of which one
-- department had five or more within the same ten minutes.
SELECT
    complaint_id,
    arrayExists((since, until) -> ended >= since AND ended < until, {since:Array(Int64)}, {until:Array(Int64)}) AS looked,
    department != '' AND count() OVER (PARTITION BY department, intDiv(ended, 600000)) >= 5 AS found
FROM
(
    SELECT complaint_id, toString(department) AS department, ended
    FROM facts
    ARRAY JOIN round_ended AS ended, round_ended_as AS how
    WHERE how = 'resolved' AND ended >= {edges:Array(Int64)}[1] AND ended < {edges:Array(Int64)}[-1] AND ended <= {t:Int64}
)
