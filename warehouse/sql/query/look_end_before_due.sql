-- Rounds resolved in the period and three days ago at least; looked at are those resolved within four hours before the due
-- instant of their clock, found are those reopened within three days.
SELECT
    complaint_id,
    due != 0 AND ended <= due AND due - ended <= 14400000 AS looked,
    reopened != 0 AND reopened - ended <= 259200000 AS found
FROM
(
    SELECT
        complaint_id, ended, reopened,
        clock_due[arrayFirstIndex((stage, r, anomalous) -> stage IN ('resolve', 'redo') AND r = number AND NOT anomalous, clock_stage, clock_round, clock_anomaly)] AS due
    FROM facts
    ARRAY JOIN round_ended AS ended, round_ended_as AS how, round_reopened AS reopened, arrayEnumerate(round_ended) AS number
    WHERE how = 'resolved' AND ended >= {edges:Array(Int64)}[1] AND ended < {edges:Array(Int64)}[-1] AND ended <= {t:Int64} - 259200000
)
