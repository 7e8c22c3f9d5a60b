INSERT INTO events (k_topic, k_partition, k_offset, block_start, block_end, bus_time, backfill, event_id, complaint_id, kind, occurred_at, source, raw)
