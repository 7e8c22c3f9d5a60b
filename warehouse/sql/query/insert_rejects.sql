INSERT INTO rejects (k_topic, k_partition, k_offset, block_start, block_end, bus_time, class, field, reason, size_bytes)
