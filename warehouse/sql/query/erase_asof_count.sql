SELECT count() FROM complaints_asof
WHERE complaint_id IN ({ids:Array(String)}) AND (customer_key != '' OR title != '' OR content != '')
