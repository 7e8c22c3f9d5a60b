-- One row per complaint, so that the version decides over the whole fact. It knows no now: states and verdicts at an
-- instant are computed when asked.
-- Partitioned by the month of registration: queries with FINAL then read one partition at a time. A fact whose
-- registration moved to another month leaves a tombstone (is_deleted) where it was.
-- Every instant but the first three is unix milliseconds, 0 for one that has not happened: people may name dates that
-- no date type holds. Texts are masked.
CREATE TABLE complaints
(
    complaint_id String,
    version UInt64,
    is_deleted UInt8,
    registered_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    first_event_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    last_event_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    events UInt32,

    category LowCardinality(String),
    priority LowCardinality(String),
    channel LowCardinality(String),
    department LowCardinality(String),
    owner LowCardinality(String),
    region LowCardinality(String),
    tier LowCardinality(String),
    product LowCardinality(String),
    level LowCardinality(String),
    cause_group LowCardinality(String),

    customer_key String,
    title String CODEC(ZSTD(1)),
    content String CODEC(ZSTD(1)),
    affected_customers UInt32,
    valid Int8,

    state LowCardinality(String),
    ended_ms Int64,
    merged_into String,
    first_closed_ms Int64,
    paused_ms Int64,

    round_started Array(Int64) CODEC(ZSTD(1)),
    round_ended Array(Int64) CODEC(ZSTD(1)),
    round_ended_as Array(LowCardinality(String)),
    round_reopened Array(Int64) CODEC(ZSTD(1)),

    clock_stage Array(LowCardinality(String)),
    clock_round Array(UInt16),
    clock_rule Array(LowCardinality(String)),
    clock_department Array(LowCardinality(String)),
    clock_calendar Array(LowCardinality(String)),
    clock_started Array(Int64) CODEC(ZSTD(1)),
    clock_target Array(Int64) CODEC(ZSTD(1)),
    clock_warn Array(Int64) CODEC(ZSTD(1)),
    clock_due Array(Int64) CODEC(ZSTD(1)),
    clock_frozen Array(Bool),
    clock_remaining Array(Int64) CODEC(ZSTD(1)),
    clock_finished Array(Int64) CODEC(ZSTD(1)),
    clock_cancelled Array(Int64) CODEC(ZSTD(1)),
    clock_anomaly Array(Bool),
    clock_provisional Array(Bool),

    handling_gross Int64,
    handling_net Int64,

    reply_ms Int64,
    response_until Int64,
    response_replied Bool,
    response_took Int64,
    response_calendar LowCardinality(String),
    response_base Int64,
    missed_after Int64,
    abandoned Bool,
    response_anomaly Bool,
    touches UInt16,
    resolved_by_human Bool,

    silence_longest Int64,
    last_sign_ms Int64,

    first_dispatched_ms Int64,
    deviated Bool,
    bounced Bool,
    self_service Bool,
    all_steps Bool,
    escalated_ms Int64,

    transfer_at Array(Int64) CODEC(ZSTD(1)),
    transfer_from Array(LowCardinality(String)),
    transfer_to Array(LowCardinality(String)),
    transfer_named Array(Bool),
    transfer_bounce Array(Bool),

    survey_offered Array(Int64) CODEC(ZSTD(1)),
    survey_answered Array(Int64) CODEC(ZSTD(1)),
    survey_score Array(UInt8),

    rating_at Array(Int64) CODEC(ZSTD(1)),
    rating_score Array(UInt8),
    rating_reopened Array(Bool),

    promise_due Array(Int64) CODEC(ZSTD(1)),
    promise_kept Array(Int64) CODEC(ZSTD(1)),
    promise_cancelled Array(Bool),

    verified_at Array(Int64) CODEC(ZSTD(1)),
    verified_accepted Array(Bool),

    sync_occurred Array(Int64) CODEC(ZSTD(1)),
    sync_lag Array(Int64) CODEC(ZSTD(1)),

    anomalies Array(LowCardinality(String)),
    conflicting Bool,
    erased Bool
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(registered_at)
ORDER BY complaint_id
SETTINGS index_granularity = 1024;

-- Complaints whose registered event has not arrived: counted, shown in data quality, in no KPI.
CREATE TABLE orphans
(
    complaint_id String,
    version UInt64,
    is_deleted UInt8,
    first_event_at DateTime64(3, 'UTC'),
    last_event_at DateTime64(3, 'UTC'),
    events UInt32
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY complaint_id
SETTINGS index_granularity = 1024;

-- Facts as of an instant in the past, of complaints that went on after it. The key names the instant and the facts that
-- they replace, so that a later event makes another key.
CREATE TABLE complaints_asof AS complaints
ENGINE = MergeTree
ORDER BY complaint_id
SETTINGS index_granularity = 1024;

ALTER TABLE complaints_asof ADD COLUMN asof_key UInt64, ADD COLUMN made_at DateTime DEFAULT now();

ALTER TABLE complaints_asof MODIFY TTL made_at + INTERVAL 1 DAY;

-- Which keys are complete; they go before their rows do.
CREATE TABLE asof_keys
(
    asof_key UInt64,
    made_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY asof_key
TTL made_at + INTERVAL 12 HOUR;
