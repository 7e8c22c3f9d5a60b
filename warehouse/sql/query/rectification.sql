-- Improvement actions as of T: those due, by the bucket that holds their due instant, and those verified, by the bucket
-- that holds the verification. Of two contents under one id the one with the lowest offset counts; what was undone by T
-- does not. First and last mean the order of decisions, (occurred_at, event_id); instants are compared with due as instants.
-- An action is what its first opening says, only its owner may change; one that nobody opened is not counted.
WITH
    decided AS
    (
        SELECT
            subject,
            event_id,
            argMin((kind, occurred_at, department, owner, issue, cause_group, due_ms, done_ms, verdict), (k_offset, k_partition)) AS content
        FROM decisions
        WHERE kind IN ('action.opened', 'action.updated', 'action.done', 'action.verified', 'decision.undone')
        GROUP BY kind = 'decision.undone', subject, event_id
    ),
    known AS
    (
        SELECT
            subject, event_id, (content.2, event_id) AS place,
            content.1 AS kind, content.2 AS occurred_at, content.3 AS department, content.4 AS owner, content.5 AS issue,
            content.6 AS cause_group, content.7 AS due, content.8 AS done, content.9 AS verdict
        FROM decided
        WHERE content.2 <= {at:DateTime64(3, 'UTC')}
    ),
    opened AS
    (
        SELECT
            subject,
            argMinIf((place, due, department, owner, issue, cause_group), place, kind = 'action.opened') AS opening,
            argMaxIf((place, owner), place, kind = 'action.updated' AND owner != '') AS renewed,
            argMinIf(done, place, kind = 'action.done') AS first_done,
            countIf(kind = 'action.done') > 0 AS is_done,
            groupArrayIf((place, verdict), kind = 'action.verified') AS verifications
        FROM known
        WHERE event_id NOT IN (SELECT subject FROM known WHERE kind = 'decision.undone')
        GROUP BY subject
        HAVING countIf(kind = 'action.opened') > 0
    ),
    actions AS
    (
        SELECT subject, opening.2 AS due, is_done, first_done, verifications
        FROM opened
        WHERE (empty({department:Array(String)}) OR has({department:Array(String)}, toString(opening.3)))
            AND (empty({owner:Array(String)})
                OR has({owner:Array(String)}, toString(if(renewed.2 != '' AND (opening.4 = '' OR renewed.1 > opening.1), renewed.2, opening.4))))
            AND (empty({issue:Array(String)}) OR has({issue:Array(String)}, opening.5))
            AND (empty({cause_group:Array(String)}) OR has({cause_group:Array(String)}, toString(opening.6)))
    )
SELECT bucket, sumMap(counts) AS counts
FROM
(
    SELECT
        arrayCount(edge -> edge <= due, {edges:Array(Int64)}) AS bucket,
        map('numerator', toInt64(due < {t:Int64} AND is_done AND first_done <= due),
            'denominator', toInt64(due < {t:Int64}),
            'pending', toInt64(due >= {t:Int64})) AS counts
    FROM actions
    WHERE due != 0
    UNION ALL
    SELECT bucket, map('effective', toInt64(argMax(verification.2, verification.1) = 'effective'), 'verified', toInt64(1)) AS counts
    FROM
    (
        SELECT
            subject, verification,
            arrayCount(edge -> edge <= toUnixTimestamp64Milli(verification.1.1), {edges:Array(Int64)}) AS bucket
        FROM actions
        ARRAY JOIN verifications AS verification
    )
    GROUP BY subject, bucket
)
WHERE bucket >= 1 AND bucket < length({edges:Array(Int64)})
GROUP BY bucket
