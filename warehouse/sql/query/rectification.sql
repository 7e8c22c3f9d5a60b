-- Improvement actions as of T by bucket: those whose due instant it holds, and those that were verified in it.
-- Of two contents under one id the one with the lowest offset counts; what is undone as of T, which undone lists, does not.
-- First and last mean the order of decisions, (occurred_at, event_id); a due instant is compared with instants. An action is
-- what its first opening says, only its department, owner and cause group may change later; what nobody opened is no action.
WITH
    {edges:Array(Int64)} AS edges,
    actions AS
    (
        SELECT
            argMinIf((due_ms, department, owner, issue, cause_group), place, kind = 'action.opened') AS opening,
            minIf(place, kind = 'action.opened') AS opening_place,
            argMaxIf((place, owner), place, kind = 'action.updated' AND owner != '') AS owned,
            argMaxIf((place, department), place, kind = 'action.updated' AND department != '') AS moved,
            argMaxIf((place, cause_group), place, kind = 'action.updated' AND cause_group != '') AS regrouped,
            if(moved.2 != '' AND (opening.2 = '' OR moved.1 > opening_place), moved.2, opening.2) AS last_department,
            if(owned.2 != '' AND (opening.3 = '' OR owned.1 > opening_place), owned.2, opening.3) AS last_owner,
            if(regrouped.2 != '' AND (opening.5 = '' OR regrouped.1 > opening_place), regrouped.2, opening.5) AS last_cause,
            countIf(kind = 'action.done') > 0 AS is_done,
            argMinIf(done_ms, place, kind = 'action.done') AS first_done,
            arraySort(groupArrayIf((place, verdict), kind = 'action.verified')) AS verifications
        FROM
        (
            SELECT
                subject, event_id, kind, (toUnixTimestamp64Milli(occurred_at), event_id) AS place, occurred_at,
                department, owner, issue, cause_group, due_ms, done_ms, verdict
            FROM decisions
            WHERE kind IN ('action.opened', 'action.updated', 'action.done', 'action.verified', 'action.closed', 'action.reopened')
            ORDER BY k_offset, k_partition
            LIMIT 1 BY subject, event_id
        )
        WHERE occurred_at <= {at:DateTime64(3, 'UTC')}
            AND event_id NOT IN {undone:Array(String)}
        GROUP BY subject
        HAVING countIf(kind = 'action.opened') > 0
    )
SELECT
    bucket,
    map('numerator', toInt64(countIf(in_bucket AND due < {t:Int64} AND is_done AND first_done <= due)),
        'denominator', toInt64(countIf(in_bucket AND due < {t:Int64})),
        'pending', toInt64(countIf(in_bucket AND due >= {t:Int64})),
        'effective', toInt64(countIf(judgement.2 = 'effective')),
        'verified', toInt64(countIf(judgement.2 != ''))) AS counts
FROM
(
    SELECT
        arrayJoin(range(1, length(edges))) AS bucket,
        edges[bucket] AS since,
        edges[bucket + 1] AS until,
        opening.1 AS due,
        due != 0 AND due >= since AND due < until AS in_bucket,
        is_done,
        first_done,
        arrayLast(v -> v.1.1 >= since AND v.1.1 < until, verifications) AS judgement
    FROM actions
    WHERE (empty({department:Array(String)}) OR has({department:Array(String)}, toString(last_department)))
        AND (empty({owner:Array(String)}) OR has({owner:Array(String)}, toString(last_owner)))
        AND (empty({issue:Array(String)}) OR has({issue:Array(String)}, opening.4))
        AND (empty({cause_group:Array(String)}) OR has({cause_group:Array(String)}, toString(last_cause)))
)
GROUP BY bucket
