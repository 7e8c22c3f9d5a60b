ALTER TABLE complaints UPDATE customer_key = '', title = '', content = ''
IN PARTITION {month:UInt32}
WHERE complaint_id IN ({ids:Array(String)})
