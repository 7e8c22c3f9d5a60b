CREATE TABLE rows (word LowCardinality(String), text String, bytes String, number UInt64, small UInt32, flag Bool, at DateTime64(3, 'UTC'))
ENGINE = MergeTree ORDER BY number SETTINGS non_replicated_deduplication_window = 100
