-- Improvement actions as of T by bucket: those whose due instant it holds, and those that were verified in it.
-- Of two contents under one id the one with the lowest offset counts; what was undone by T does not. First and last mean
-- the order of decisions, (occurred_at, event_id); a due instant is compared with instants. An action is what its first
-- opening says, only its owner may change later; what nobody opened is no action.
WITH
    {edges:Array(Int64)} AS edges,
    actions AS
    (
        SELECT
            argMinIf((due_ms, department, owner, issue, cause_group), place, kind = 'action.opened') AS opening,
            minIf(place, kind = 'action.opened') AS opening_place,
            argMaxIf((place, owner), place, kind = 'action.updated' AND owner != '') AS renewed,
            countIf(kind = 'action.done') > 0 AS is_done,
            argMinIf(done_ms, place, kind = 'action.done') AS first_done,
            arraySort(groupArrayIf((place, verdict), kind = 'action.verified')) AS verifications
        FROM
        (
            SELECT
                subject, event_id, kind, (toUnixTimestamp64Milli(occurred_at), event_id) AS place, occurred_at,
                department, owner, issue, cause_group, due_ms, done_ms, verdict
            FROM decisions
            WHERE kind IN ('action.opened', 'action.updated', 'action.done', 'action.verified')
            ORDER BY k_offset, k_partition
            LIMIT 1 BY subject, event_id
        )
        WHERE occurred_at <= {at:DateTime64(3, 'UTC')}
            AND event_id NOT IN
            (
                SELECT subject
                FROM decisions
                WHERE kind = 'decision.undone'
                GROUP BY subject, event_id
                HAVING argMin(occurred_at, (k_offset, k_partition)) <= {at:DateTime64(3, 'UTC')}
            )
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
    WHERE (empty({department:Array(String)}) OR has({department:Array(String)}, toString(opening.2)))
        AND (empty({owner:Array(String)})
            OR has({owner:Array(String)}, toString(if(renewed.2 != '' AND (opening.3 = '' OR renewed.1 > opening_place), renewed.2, opening.3))))
        AND (empty({issue:Array(String)}) OR has({issue:Array(String)}, opening.4))
        AND (empty({cause_group:Array(String)}) OR has({cause_group:Array(String)}, toString(opening.5)))
)
GROUP BY bucket
