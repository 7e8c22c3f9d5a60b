-- Transfers of the complaints first dispatched in the period, by sender and receiver: how many, how many of them bounced, and
-- of how many complaints.
SELECT
    toString(sender) AS sender,
    toString(receiver) AS receiver,
    toInt64(count()) AS transfers,
    toInt64(countIf(bounce)) AS bounces,
    toInt64(uniqExact(complaint_id)) AS complaints,
    toInt64(uniqExactIf(complaint_id, bounce)) AS bounced
FROM facts
ARRAY JOIN transfer_from AS sender, transfer_to AS receiver, transfer_bounce AS bounce
WHERE first_dispatched_ms >= {edges:Array(Int64)}[1] AND first_dispatched_ms < {edges:Array(Int64)}[2]
GROUP BY sender, receiver
