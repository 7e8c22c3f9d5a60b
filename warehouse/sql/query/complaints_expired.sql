SELECT complaint_id
FROM complaints FINAL
WHERE NOT erased AND ended_ms > 0 AND ended_ms < {before:Int64} AND last_event_at < fromUnixTimestamp64Milli({before:Int64})
ORDER BY last_event_at, complaint_id
LIMIT {most:UInt64}
