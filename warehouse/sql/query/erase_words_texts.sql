-- What was known of the complaints, in any version of their facts.
SELECT DISTINCT concat(title, '\n', content) FROM complaints WHERE complaint_id IN ({ids:Array(String)}) AND concat(title, content) != ''
