SELECT count() FROM complaints
WHERE complaint_id IN ({ids:Array(String)}) AND (customer_key != '' OR title != '' OR content != '')
