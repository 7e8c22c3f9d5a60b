-- The ten plain columns with the settings that the Kafka engine's users have.
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
