-- Complaints with a score of 1 to 3 in the period that nobody took up again since the first of these: the rest of
-- dissatisfied_redo, oldest score first.
SELECT
    complaint_id, title, substringUTF8(content, 1, 120) AS excerpt, toString(category) AS category, toString(department) AS department,
    toString(owner) AS owner, toString(state) AS state, rating_at[low] AS rated_ms, rating_score[low] AS score
FROM
(
    SELECT
        complaint_id, title, content, category, department, owner, state, rating_at, rating_score, rating_reopened,
        arrayFirstIndex((at, s) -> s <= 3 AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[2], rating_at, rating_score) AS low
    FROM facts
    WHERE mark_first < {edges:Array(Int64)}[-1] AND mark_last >= {edges:Array(Int64)}[1] AND notEmpty(rating_at)
)
WHERE low > 0 AND NOT rating_reopened[low]
ORDER BY rated_ms, complaint_id
LIMIT {limit:UInt64}
