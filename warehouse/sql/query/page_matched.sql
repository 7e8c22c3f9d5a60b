-- How many complaints a list has, and the first of them behind the cursor: minus the registration in milliseconds, and the
-- id. The conditions of a scope are those of the figure it stands behind: open of strip, resolved of handling_time, due of
-- on_time, rated of satisfaction.
SELECT
    count() AS complaints,
    groupArraySorted({limit:UInt64})((-registered_ms, complaint_id)) AS listed -- if first
    groupArraySortedIf({limit:UInt64})((-registered_ms, complaint_id), -- if after
        registered_ms < {after:Int64} OR registered_ms = {after:Int64} AND complaint_id > {after_id:String}) AS listed -- if after
FROM facts
WHERE true
    AND registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} -- if registered
    AND registered_at < {to:DateTime64(3, 'UTC')} -- if open
    AND arrayExists((s, e) -> s < {edges:Array(Int64)}[2] AND (e = 0 OR e >= {edges:Array(Int64)}[2]), round_started, round_ended) -- if open
    AND state = 'resolved' AND handling_gross >= 0 AND ended_ms >= {edges:Array(Int64)}[1] AND ended_ms < {edges:Array(Int64)}[2] -- if resolved
    AND notEmpty(rating_at) AND rating_at[-1] >= {edges:Array(Int64)}[1] AND rating_at[-1] < {edges:Array(Int64)}[2] -- if rated
    AND has({scores:Array(UInt8)}, rating_score[-1]) -- if scores
    AND arrayExists((stage, due, frozen, remaining, calendar, finished, cancelled, anomalous) -> -- if due
            stage = {stage:String} AND NOT anomalous AND cancelled = 0 -- if due
            AND (frozen OR due >= {t:Int64}) -- if due pending
            AND NOT frozen AND due < {t:Int64} -- if due any
            AND NOT frozen AND due < {t:Int64} AND finished != 0 AND finished <= due -- if due met
            AND NOT frozen AND due < {t:Int64} AND (finished = 0 OR finished > due) -- if due breached
            AND if(frozen, -- if due
                {ahead:Map(String, Array(Int64))}[toString(calendar)][1] < remaining -- if due
                    AND {ahead:Map(String, Array(Int64))}[toString(calendar)][2] >= remaining, -- if due
                due >= {edges:Array(Int64)}[1] AND due < {edges:Array(Int64)}[2]), -- if due
        clock_stage, clock_due, clock_frozen, clock_remaining, clock_calendar, clock_finished, clock_cancelled, clock_anomaly) -- if due
    AND has({states:Array(String)}, toString(state)) -- if states
    AND arrayExists((due, frozen, finished, cancelled, anomalous) -> -- if overdue
            NOT anomalous AND NOT frozen AND finished = 0 AND cancelled = 0 AND due < {t:Int64}, -- if overdue
        clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly) -- if overdue
    AND (complaint_id = {words:Array(String)}[1] AND length({words:Array(String)}) = 1 -- if words
        OR arrayAll(word -> positionCaseInsensitiveUTF8(title, word) > 0 OR positionCaseInsensitiveUTF8(content, word) > 0, -- if words
            {words:Array(String)})) -- if words
