-- How many complaints a list has, and the first of them behind the cursor: minus the registration in milliseconds, and the
-- id. The conditions of a scope are those of the figure it stands behind: open of strip, resolved of handling_time, due of
-- on_time, rated of satisfaction.
SELECT
    count() AS complaints,
    groupArraySortedIf({limit:UInt64})(
        (-registered_ms, complaint_id),
        {first:Bool} OR registered_ms < {after:Int64} OR registered_ms = {after:Int64} AND complaint_id > {after_id:String}) AS listed
FROM facts
WHERE registered_at >= {earliest:DateTime64(3, 'UTC')} AND registered_at < {latest:DateTime64(3, 'UTC')}
    AND multiIf(
        {scope:String} = 'open',
        arrayExists((s, e) -> s < {edges:Array(Int64)}[2] AND (e = 0 OR e >= {edges:Array(Int64)}[2]), round_started, round_ended),
        {scope:String} = 'resolved',
        state = 'resolved' AND handling_gross >= 0 AND ended_ms >= {edges:Array(Int64)}[1] AND ended_ms < {edges:Array(Int64)}[2],
        {scope:String} = 'rated',
        notEmpty(rating_at) AND rating_at[-1] >= {edges:Array(Int64)}[1] AND rating_at[-1] < {edges:Array(Int64)}[2]
            AND (empty({scores:Array(UInt8)}) OR has({scores:Array(UInt8)}, rating_score[-1])),
        {scope:String} = 'due',
        arrayExists((stage, due, frozen, remaining, calendar, finished, cancelled, anomalous) ->
            stage = {stage:String} AND NOT anomalous AND cancelled = 0
            AND if(frozen,
                {ahead:Map(String, Array(Int64))}[toString(calendar)][1] < remaining
                    AND {ahead:Map(String, Array(Int64))}[toString(calendar)][2] >= remaining,
                due >= {edges:Array(Int64)}[1] AND due < {edges:Array(Int64)}[2])
            AND multiIf(
                {verdict:String} = 'pending', frozen OR due >= {t:Int64},
                {verdict:String} = 'met', NOT frozen AND due < {t:Int64} AND finished != 0 AND finished <= due,
                {verdict:String} = 'breached', NOT frozen AND due < {t:Int64} AND (finished = 0 OR finished > due),
                NOT frozen AND due < {t:Int64}),
            clock_stage, clock_due, clock_frozen, clock_remaining, clock_calendar, clock_finished, clock_cancelled, clock_anomaly),
        1)
    AND (empty({states:Array(String)}) OR has({states:Array(String)}, toString(state)))
    AND (NOT {overdue:Bool} OR arrayExists((due, frozen, finished, cancelled, anomalous) ->
            NOT anomalous AND NOT frozen AND finished = 0 AND cancelled = 0 AND due < {t:Int64},
        clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly))
    AND (empty({words:Array(String)}) OR complaint_id = {words:Array(String)}[1] AND length({words:Array(String)}) = 1
        OR arrayAll(word -> positionCaseInsensitiveUTF8(title, word) > 0 OR positionCaseInsensitiveUTF8(content, word) > 0,
            {words:Array(String)}))
