-- Complaints resolved at T, last in the period, whose time to be asked has run out; looked at are those that went badly by what
-- is known without asking: reopened, late, sent on and back, or escalated; found are those never asked since their last round
-- began.
SELECT
    complaint_id,
    length(round_started) > 1 OR bounced OR escalated_ms != 0
        OR arrayExists((stage, finished, due, anomalous) -> stage IN ('resolve', 'redo') AND NOT anomalous AND finished > due,
            clock_stage, clock_finished, clock_due, clock_anomaly) AS looked,
    NOT arrayExists(offered -> offered >= round_started[-1], survey_offered) AS found
FROM facts
WHERE state = 'resolved' AND ended_ms >= {edges:Array(Int64)}[1] AND ended_ms < {edges:Array(Int64)}[-1]
    AND arrayExists((stage, r, due, frozen, cancelled, anomalous) -> stage = 'survey' AND r = length(round_started) AND NOT frozen AND due < {t:Int64}
            AND cancelled = 0 AND NOT anomalous,
        clock_stage, clock_round, clock_due, clock_frozen, clock_cancelled, clock_anomaly)
