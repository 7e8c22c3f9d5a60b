SELECT max(complaint_id), count()
FROM (SELECT DISTINCT complaint_id FROM events WHERE complaint_id > {after:String} ORDER BY complaint_id LIMIT {most:UInt64})
SETTINGS optimize_distinct_in_order = 1, optimize_read_in_order = 1
