-- The facts as of T, put before every question about complaints: everything is all of them, facts those of the slice.
-- A complaint that went on after T stands in complaints_asof, folded from its events until T.
-- A line that ends with an "if" stands only when the question needs it: planning what filters nothing costs more than
-- the answer.
WITH
    everything AS
    (
        SELECT *
        FROM complaints FINAL
        WHERE registered_at <= {at:DateTime64(3, 'UTC')} AND last_event_at <= {at:DateTime64(3, 'UTC')}
            AND toStartOfMonth(toDate(registered_at)) IN ({units:Array(Date)}) -- if units
        UNION ALL -- if asof
        SELECT * EXCEPT (asof_key, made_at) -- if asof
        FROM complaints_asof -- if asof
        WHERE asof_key = {asof_key:UInt64} -- if asof
    ),
    facts AS
    (
        SELECT
            *,
            toUnixTimestamp64Milli(registered_at) AS registered_ms,
            '' AS key -- if by nothing
            toString(category) AS key -- if by category
            toString(priority) AS key -- if by priority
            toString(channel) AS key -- if by channel
            toString(department) AS key -- if by department
            toString(owner) AS key -- if by owner
            toString(region) AS key -- if by region
            toString(tier) AS key -- if by tier
            toString(product) AS key -- if by product
            toString(level) AS key -- if by level
            toString(cause_group) AS key -- if by cause_group
            issue_id AS key -- if by issue
        FROM everything
        LEFT JOIN current_issue_members USING (complaint_id) -- if by issue
        WHERE true
            AND (has({category:Array(String)}, toString(category)) -- if category
                OR arrayExists(branch -> branch != '' AND startsWith(toString(category), concat(branch, '/')), {category:Array(String)})) -- if category
            AND has({priority:Array(String)}, toString(priority)) -- if priority
            AND has({channel:Array(String)}, toString(channel)) -- if channel
            AND has({department:Array(String)}, toString(department)) -- if department
            AND has({owner:Array(String)}, toString(owner)) -- if owner
            AND has({region:Array(String)}, toString(region)) -- if region
            AND has({tier:Array(String)}, toString(tier)) -- if tier
            AND has({product:Array(String)}, toString(product)) -- if product
            AND has({level:Array(String)}, toString(level)) -- if level
            AND has({cause_group:Array(String)}, toString(cause_group)) -- if cause_group
            AND has({among:Array(String)}, complaint_id) -- if among
            AND (complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE has({issue:Array(String)}, issue_id)) -- if issue
                OR has({issue:Array(String)}, '') AND complaint_id NOT IN (SELECT complaint_id FROM current_issue_members)) -- if issue
    )
    , marks AS -- if marks
    ( -- if marks
        SELECT -- if marks
            key, what, before, decides, at, after, until, calendar, left, 1 AS n -- if marks
        FROM facts -- if marks
        ARRAY JOIN -- if marks
            mark_what AS what, mark_before AS before, mark_decides AS decides, mark_at AS at, mark_after AS after, -- if marks
            mark_until AS until, mark_calendar AS calendar, mark_left AS left -- if marks
        WHERE mark_first < {edges:Array(Int64)}[-1] AND (mark_last >= {edges:Array(Int64)}[1] OR state = 'open') -- if marks
            AND (what IN ({marks:Array(String)}) OR before IN ({marks:Array(String)})) -- if marks
    ) -- if marks
    , spans AS -- if spans
    ( -- if spans
        SELECT key, span.1 AS what, span.2 AS at, span.3 AS n, span.4 AS calendar, span.5 AS left -- if spans
        FROM facts -- if spans
        ARRAY JOIN arrayFilter(s -> has({spans:Array(String)}, s.1), [ -- if spans
            (multiIf(response_anomaly, '', response_replied, 'replied', response_until != 0, 'censored', 'waiting'), -- if spans response
                registered_ms, if(response_until != 0, response_took, response_base), toString(response_calendar), 0) -- if spans response
            (if(state = 'resolved' AND handling_gross >= 0, 'handled', ''), ended_ms, handling_gross, '', handling_net) -- if spans handling
            (if(state = 'open', 'silent', 'silence'), registered_ms, silence_longest, '', last_sign_ms) -- if spans silence
        ]) AS span -- if spans
        WHERE mark_first < {edges:Array(Int64)}[-1] AND mark_last >= {edges:Array(Int64)}[1] -- if spans
    ) -- if spans
