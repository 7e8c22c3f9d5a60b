-- The first of the complaints that answer, newest first.
SELECT DISTINCT before, complaint_id
complaints_of_search
ORDER BY before, complaint_id
LIMIT {limit:UInt64}
