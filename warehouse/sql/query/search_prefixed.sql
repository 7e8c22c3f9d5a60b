-- Whether a complaint's number begins so, of some departments where any are named.
SELECT count() FROM
(
    SELECT 1 FROM complaints
    WHERE startsWith(complaint_id, {prefix:String}) AND (empty({departments:Array(String)}) OR has({departments:Array(String)}, toString(department)))
    LIMIT 1
)
