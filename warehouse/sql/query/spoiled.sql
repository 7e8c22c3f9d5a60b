-- First resolutions that were spoiled, by their bucket.
SELECT
    arrayCount(edge -> edge <= round_ended[indexOf(round_ended_as, 'resolved')], {edges:Array(Int64)}) AS bucket, key,
    'contact.spoiled' AS what, toInt64(count()) AS n
FROM facts
WHERE complaint_id IN (complaints_of_spoils)
GROUP BY bucket, key
