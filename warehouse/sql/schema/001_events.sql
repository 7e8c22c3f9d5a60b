-- The only truth: every accepted message once, with its place on the bus.
-- A plain MergeTree: an engine that collapses rows would hide the duplicates that `wenguo verify` looks for.
-- Partitioned by what an event can't change; a block comes from one partition, so it becomes one part.
-- The deduplication window is what makes insert_deduplication_token work (0, the default, ignores tokens).
CREATE TABLE events
(
    k_topic LowCardinality(String),
    k_partition UInt32,
    k_offset UInt64,
    block_start UInt64,
    block_end UInt64,
    bus_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    backfill Bool,
    event_id String,
    complaint_id String,
    kind LowCardinality(String),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    source LowCardinality(String),
    raw String CODEC(ZSTD(1)),
    PROJECTION by_offset (SELECT k_topic, k_partition, k_offset, block_start, block_end, complaint_id ORDER BY k_topic, k_partition, k_offset),
    PROJECTION reach (SELECT k_topic, k_partition, max(block_end), max(bus_time), max(occurred_at), count() GROUP BY k_topic, k_partition)
)
ENGINE = MergeTree
PARTITION BY (k_topic, k_partition)
ORDER BY (complaint_id, occurred_at, event_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Messages that were refused. Their bytes are in the dead-letter topic alone: this row must not hold personal data.
CREATE TABLE rejects
(
    k_topic LowCardinality(String),
    k_partition UInt32,
    k_offset UInt64,
    block_start UInt64,
    block_end UInt64,
    bus_time DateTime64(3, 'UTC'),
    class LowCardinality(String),
    field LowCardinality(String),
    reason String,
    size_bytes UInt32
)
ENGINE = MergeTree
PARTITION BY (k_topic, k_partition)
ORDER BY (k_topic, k_partition, k_offset)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- How far each worker has read the events of each partition: everything below next_offset. It only rises.
CREATE TABLE watermarks
(
    worker LowCardinality(String),
    k_topic LowCardinality(String),
    k_partition UInt32,
    next_offset UInt64
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (worker, k_topic, k_partition);
