-- Complaints whose first plan was proposed in the period, and those of them that had a plan rejected by T: all of them, by
-- department and by category.
SELECT
    whom.1 AS dimension,
    whom.2 AS value,
    toInt64(count()) AS planned,
    toInt64(countIf(rejected)) AS rejected
FROM
(
    SELECT
        has(milestone_what, 'plan_rejected') AS rejected,
        [('', ''), ('department', toString(department)), ('category', toString(category))] AS whoms
    FROM facts
    WHERE mark_first < {edges:Array(Int64)}[-1] AND arrayExists((what, at) -> what = 'planned' AND at >= {edges:Array(Int64)}[1] AND at < {edges:Array(Int64)}[2],
        milestone_what, milestone_at)
)
ARRAY JOIN whoms AS whom
GROUP BY dimension, value
