ALTER TABLE complaints_asof UPDATE customer_key = '', title = '', content = '' WHERE complaint_id IN ({ids:Array(String)})
