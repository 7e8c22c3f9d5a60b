-- The ten plain columns under the guarantee: tokens are honoured, and what is acknowledged is on the disk.
CREATE TABLE ten
(
    event_id String,
    complaint_id String,
    kind LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    department LowCardinality(String),
    title String,
    content String,
    category LowCardinality(String),
    priority LowCardinality(String)
)
ENGINE = MergeTree
ORDER BY (complaint_id, occurred_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
