-- The complaints behind one id, by id.
SELECT DISTINCT complaint_id FROM complaints WHERE complaint_id > {after:String} ORDER BY complaint_id LIMIT {most:UInt64}
