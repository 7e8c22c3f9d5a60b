-- Versions that a merge has not removed yet count too: the size of a batch bears that.
SELECT toStartOfMonth(toDate(registered_at)) AS unit, count() AS complaints
FROM complaints
WHERE toDate(registered_at) >= {first:Date} AND toDate(registered_at) <= {last:Date}
GROUP BY unit
ORDER BY unit
