-- Whether a complaint's number begins so.
SELECT count() FROM (SELECT 1 FROM complaints WHERE startsWith(complaint_id, {prefix:String}) LIMIT 1)
