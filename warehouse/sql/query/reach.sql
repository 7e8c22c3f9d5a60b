SELECT k_partition, max(reached) AS reached
FROM
(
    SELECT k_partition, max(block_end) AS reached FROM events WHERE k_topic = {topic:String} GROUP BY k_partition
    UNION ALL
    SELECT k_partition, max(block_end) AS reached FROM rejects WHERE k_topic = {topic:String} GROUP BY k_partition
)
GROUP BY k_partition
ORDER BY k_partition
