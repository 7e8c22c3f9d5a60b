SELECT k_partition, block_start, block_end, sum(stored) AS stored, sum(refused) AS refused, uniqExact(k_offset) AS offsets,
    min(k_offset) AS first_offset, max(k_offset) AS last_offset
FROM
(
    SELECT k_partition, block_start, block_end, k_offset, 1 AS stored, 0 AS refused FROM events WHERE k_topic = {topic:String}
    UNION ALL
    SELECT k_partition, block_start, block_end, k_offset, 1 AS stored, 0 AS refused FROM decisions WHERE k_topic = {topic:String}
    UNION ALL
    SELECT k_partition, block_start, block_end, k_offset, 0 AS stored, 1 AS refused FROM rejects WHERE k_topic = {topic:String}
)
GROUP BY k_partition, block_start, block_end
ORDER BY k_partition, block_start, block_end
