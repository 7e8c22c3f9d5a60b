-- How many complaints a list has, and the first of them behind the cursor: minus the registration in milliseconds, and the
-- id. The conditions of a scope are those of the figure it stands behind: open of strip, resolved of handling_time, due of
-- on_time, rated of satisfaction.
-- The same conditions find the whole list for a file: how many there are of each day, then the rows of a span of days.
SELECT
    toDate(registered_at) AS day, count() AS complaints -- if days
    complaint_id, registered_at, title, substringUTF8(content, 1, 120) AS excerpt, channel, category, priority, product, -- if rows
    department, owner, state, paused_ms, ended_ms, clock_stage, clock_calendar, clock_due, clock_frozen, clock_remaining, -- if rows
    clock_finished, clock_cancelled, clock_anomaly, length(round_started) AS rounds, rating_score[-1] AS score -- if rows
    count() AS complaints, -- if page
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
    AND hasAll(arrayMap(f -> concat(f.1, '.', f.2), traits_of_complaint), {traits:Array(String)}) -- if traits
    AND registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')} AND state != 'merged' -- if cohort
    AND arrayExists((what, at) -> what = 'planned' AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[2], milestone_what, milestone_at) -- if planned
    AND first_dispatched_ms >= {edges:Array(Int64)}[1] AND first_dispatched_ms < {edges:Array(Int64)}[2] -- if moved
    AND arrayExists((f, t, b) -> (empty({senders:Array(String)}) OR has({senders:Array(String)}, toString(f))) -- if moved
            AND (empty({receivers:Array(String)}) OR has({receivers:Array(String)}, toString(t))) AND (b OR {bounced:UInt8} = 0), -- if moved
        transfer_from, transfer_to, transfer_bounce) -- if moved
    AND has(milestone_what, {milestone:String}) -- if milestone
    AND NOT has(milestone_what, {milestone:String}) -- if no milestone
    AND has(spent_on, {spent:String}) -- if spent
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
    AND arrayExists((what, before, decides, at, after, until, calendar, left) -> -- if behind
            has({behind:Array(String)}, if(decides = 0 OR decides < {t:Int64}, what, before)) -- if behind
            AND if(calendar != '', -- if behind
                {ahead:Map(String, Array(Int64))}[toString(calendar)][1] < left -- if behind
                    AND {ahead:Map(String, Array(Int64))}[toString(calendar)][2] >= left, -- if behind
                at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[2]) -- if behind
            AND after < {edges:Array(Int64)}[1] AND (until = 0 OR until >= {edges:Array(Int64)}[2]), -- if behind
        mark_what, mark_before, mark_decides, mark_at, mark_after, mark_until, mark_calendar, mark_left) -- if behind
    AND NOT arrayExists((what, before, decides) -> has({without:Array(String)}, if(decides = 0 OR decides < {t:Int64}, what, before)), -- if behind without
        mark_what, mark_before, mark_decides) -- if behind without
    AND complaint_id IN (complaints_of_repeats) -- if behind repeats
    AND complaint_id NOT IN (complaints_of_repeats) -- if behind no repeats
    AND complaint_id IN (complaints_of_issue_repeats) -- if behind issue repeats
    AND complaint_id NOT IN (complaints_of_issue_repeats) -- if behind no issue repeats
    AND complaint_id NOT IN (complaints_of_spoils) -- if behind contact
    AND (hasAny(['contact.more'], mark_what) OR complaint_id IN (complaints_of_spoils)) -- if behind no contact
    AND complaint_id IN (SELECT complaint_id FROM current_issue_members) -- if behind members
    AND complaint_id NOT IN (SELECT complaint_id FROM current_issue_members) -- if behind no members
    AND NOT response_anomaly -- if behind response
    AND response_replied -- if behind replied
    AND NOT response_replied -- if behind unreplied
    AND response_until = 0 -- if behind waiting
    AND arrayExists((occurred, lag) -> lag >= 0 AND occurred >= {edges:Array(Int64)}[1] AND occurred < {edges:Array(Int64)}[2], -- if behind lags
        sync_occurred, sync_lag) -- if behind lags
    AND arrayExists((occurred, lag) -> lag >= 0 AND lag <= 300000 AND occurred >= {edges:Array(Int64)}[1] AND occurred < {edges:Array(Int64)}[2], -- if behind short lags
        sync_occurred, sync_lag) -- if behind short lags
    AND arrayExists((occurred, lag) -> lag > 300000 AND occurred >= {edges:Array(Int64)}[1] AND occurred < {edges:Array(Int64)}[2], -- if behind long lags
        sync_occurred, sync_lag) -- if behind long lags
    AND arrayExists((occurred, lag) -> lag < 0 AND occurred >= {edges:Array(Int64)}[1] AND occurred < {edges:Array(Int64)}[2], -- if behind negative lags
        sync_occurred, sync_lag) -- if behind negative lags
    AND complaint_id IN (SELECT complaint_id FROM (occasions_of_end_before_due) WHERE looked AND found) -- if look end_before_due
    AND complaint_id IN (SELECT complaint_id FROM (occasions_of_pause_before_due) WHERE looked AND found) -- if look pause_before_due
    AND complaint_id IN (SELECT complaint_id FROM (occasions_of_bot_only) WHERE looked AND found) -- if look bot_only
    AND complaint_id IN (SELECT complaint_id FROM (occasions_of_never_asked) WHERE looked AND found) -- if look never_asked
    AND complaint_id IN (SELECT complaint_id FROM (occasions_of_month_end) WHERE looked AND found) -- if look month_end
    AND has({states:Array(String)}, toString(state)) -- if states
    AND arrayExists((due, frozen, finished, cancelled, anomalous) -> -- if overdue
            NOT anomalous AND NOT frozen AND finished = 0 AND cancelled = 0 AND due < {t:Int64}, -- if overdue
        clock_due, clock_frozen, clock_finished, clock_cancelled, clock_anomaly) -- if overdue
    AND complaint_id IN (SELECT complaint_id complaints_of_search) -- if words
    AND startsWith(complaint_id, {prefix:String}) -- if prefix
    AND false -- if nothing
    AND complaint_id IN (SELECT complaint_id FROM search_keys WHERE key = {key:String}) -- if key
    AND registered_at >= {oldest:DateTime64(3, 'UTC')} AND registered_at < {newer:DateTime64(3, 'UTC')} -- if rows
GROUP BY day ORDER BY day DESC -- if days
ORDER BY registered_at DESC, complaint_id -- if rows
