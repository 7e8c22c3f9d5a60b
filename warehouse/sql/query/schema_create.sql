CREATE TABLE IF NOT EXISTS schema_versions (version UInt32, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = MergeTree ORDER BY version
