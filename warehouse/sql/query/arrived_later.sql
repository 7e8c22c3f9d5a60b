-- Complaints with an event that a publication did not know and that bears on its instant: it occurred by then, or it erases,
-- which holds for every instant. Offsets are what was known of each partition; of one that is not named nothing was.
SELECT DISTINCT complaint_id
FROM events
WHERE k_topic = {topic:String}
    AND k_offset >= arrayElement({offsets:Array(UInt64)}, indexOf({partitions:Array(UInt32)}, k_partition))
    AND (occurred_at <= {at:DateTime64(3, 'UTC')} OR kind = 'erased')
ORDER BY complaint_id
LIMIT {most:UInt64}
