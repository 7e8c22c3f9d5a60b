-- The facts as of T, put before every question about complaints: everything is all of them, facts those of the slice.
-- A complaint that went on after T stands in complaints_asof, folded from its events until T.
WITH
    everything AS
    (
        SELECT *
        FROM complaints FINAL
        WHERE registered_at <= {at:DateTime64(3, 'UTC')} AND last_event_at <= {at:DateTime64(3, 'UTC')}
        UNION ALL
        SELECT * EXCEPT (asof_key, made_at)
        FROM complaints_asof
        WHERE asof_key = {asof_key:UInt64}
    ),
    facts AS
    (
        SELECT
            *,
            toUnixTimestamp64Milli(registered_at) AS registered_ms,
            multiIf(
                {by:String} = 'department', toString(department),
                {by:String} = 'channel', toString(channel),
                {by:String} = 'category', toString(category),
                {by:String} = 'product', toString(product),
                {by:String} = 'priority', toString(priority),
                '') AS key
        FROM everything
        WHERE (empty({category:Array(String)}) OR has({category:Array(String)}, toString(category))
                OR arrayExists(branch -> branch != '' AND startsWith(toString(category), concat(branch, '/')), {category:Array(String)}))
            AND (empty({priority:Array(String)}) OR has({priority:Array(String)}, toString(priority)))
            AND (empty({channel:Array(String)}) OR has({channel:Array(String)}, toString(channel)))
            AND (empty({department:Array(String)}) OR has({department:Array(String)}, toString(department)))
            AND (empty({owner:Array(String)}) OR has({owner:Array(String)}, toString(owner)))
            AND (empty({region:Array(String)}) OR has({region:Array(String)}, toString(region)))
            AND (empty({tier:Array(String)}) OR has({tier:Array(String)}, toString(tier)))
            AND (empty({product:Array(String)}) OR has({product:Array(String)}, toString(product)))
            AND (empty({level:Array(String)}) OR has({level:Array(String)}, toString(level)))
            AND (empty({cause_group:Array(String)}) OR has({cause_group:Array(String)}, toString(cause_group)))
            AND (empty({issue:Array(String)})
                OR complaint_id IN (SELECT complaint_id FROM current_issue_members WHERE has({issue:Array(String)}, issue_id))
                OR has({issue:Array(String)}, '')
                    AND complaint_id NOT IN (SELECT complaint_id FROM current_issue_members WHERE has({issue:Array(String)}, '')))
    )
