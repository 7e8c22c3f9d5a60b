SELECT DISTINCT k_offset
FROM
(
    SELECT k_offset FROM events
    WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32} AND k_offset >= {start:UInt64} AND k_offset < {end:UInt64}
    UNION ALL
    SELECT k_offset FROM decisions
    WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32} AND k_offset >= {start:UInt64} AND k_offset < {end:UInt64}
    UNION ALL
    SELECT k_offset FROM rejects
    WHERE k_topic = {topic:String} AND k_partition = {partition:UInt32} AND k_offset >= {start:UInt64} AND k_offset < {end:UInt64}
)
ORDER BY k_offset
