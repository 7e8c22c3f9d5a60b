-- The block that reaches furthest on a partition; both are 0 when nothing is stored. A block that is only half stored
-- counts: its rows say where it begins and ends.
SELECT max(block_start) AS start, max(block_end) AS end
FROM
(
    SELECT block_start, block_end FROM events
    WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32}
        AND block_end = (SELECT max(block_end) FROM events WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32})
    UNION ALL
    SELECT block_start, block_end FROM decisions
    WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32}
        AND block_end = (SELECT max(block_end) FROM decisions WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32})
    UNION ALL
    SELECT block_start, block_end FROM rejects
    WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32}
        AND block_end = (SELECT max(block_end) FROM rejects WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32})
)
