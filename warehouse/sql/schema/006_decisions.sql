-- What people decide in the product: every accepted message of complaints.decisions once, as events are kept.
-- The columns from department on belong to improvement actions (kinds that begin with "action."): what the message says,
-- read by the decoder. Instants of theirs are unix milliseconds, 0 for none: people may name dates that no date type holds.
-- done_ms is when the work was done, which may be earlier than occurred_at, when somebody said so.
CREATE TABLE decisions
(
    k_topic LowCardinality(String),
    k_partition UInt32,
    k_offset UInt64,
    block_start UInt64,
    block_end UInt64,
    bus_time DateTime64(3, 'UTC'),
    backfill Bool,
    event_id String,
    kind LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    actor_id String,
    actor_role LowCardinality(String),
    subject String,
    raw String CODEC(ZSTD(1)),

    department LowCardinality(String),
    owner LowCardinality(String),
    issue String,
    cause_group LowCardinality(String),
    due_ms Int64,
    done_ms Int64,
    verdict LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY (k_topic, k_partition)
ORDER BY (kind, subject, occurred_at, event_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
