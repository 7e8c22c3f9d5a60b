SELECT DISTINCT toString(toYYYYMM(registered_at))
FROM complaints
WHERE complaint_id IN ({ids:Array(String)}) AND (customer_key != '' OR title != '' OR content != '')
ORDER BY 1
