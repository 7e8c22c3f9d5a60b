ALTER TABLE complaints UPDATE customer_key = '', title = '', content = '' WHERE complaint_id IN ({ids:Array(String)})
