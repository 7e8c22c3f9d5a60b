-- Facts carry their marks: what key figures count of a complaint, at which instant (transform.Mark). In the order of their
-- registration days, a period reads its days only.
-- Facts are made again from events: the worker starts over where it has no watermark.
TRUNCATE TABLE watermarks;

DROP TABLE complaints;

DROP TABLE complaints_asof;

TRUNCATE TABLE asof_keys;

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
    erased Bool,

    mark_what Array(LowCardinality(String)) CODEC(ZSTD(1)),
    mark_before Array(LowCardinality(String)) CODEC(ZSTD(1)),
    mark_decides Array(Int64) CODEC(ZSTD(1)),
    mark_at Array(Int64) CODEC(ZSTD(1)),
    mark_after Array(Int64) CODEC(ZSTD(1)),
    mark_until Array(Int64) CODEC(ZSTD(1)),
    mark_calendar Array(LowCardinality(String)) CODEC(ZSTD(1)),
    mark_left Array(Int64) CODEC(ZSTD(1)),
    mark_first Int64,
    mark_last Int64,

    INDEX by_id complaint_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(registered_at)
ORDER BY (toDate(registered_at), complaint_id)
SETTINGS index_granularity = 1024, min_age_to_force_merge_seconds = 120, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE complaints_asof AS complaints
ENGINE = MergeTree
ORDER BY complaint_id
SETTINGS index_granularity = 1024;

ALTER TABLE complaints_asof ADD COLUMN asof_key UInt64, ADD COLUMN made_at DateTime DEFAULT now();

ALTER TABLE complaints_asof MODIFY TTL made_at + INTERVAL 1 DAY;

-- Daily sums of marks, made anew for a whole month of registrations when any of its facts changes: nothing is added to or
-- taken off a sum, so none can drift.
-- unit is the first day of the registrations' month (UTC). The rows are told apart by dimension:
--   ''          every complaint of the month: n marks counted as what on the day that begins at `at` (organisation's zone)
--   category …  the same for one value of a dimension; hour: registrations by hour of the day
--   row         one mark that is not decided yet, with the values to slice it by
--   span        one duration, n milliseconds, likewise
--   made        value: a name for this making of the sums. Two rows say that replaced sums came back with a restart
--   until       at: the newest event in them. Sums hold for every instant from the latest made and until on
--   ahead       value: a complaint with events later than that; it is in none of the other rows
-- part 0 is made of the month's complaints alone, part 1 of their comparison with earlier ones (repeats).
CREATE TABLE tallies
(
    unit Date,
    part UInt8,
    dimension LowCardinality(String),
    value String,
    what LowCardinality(String),
    at Int64 CODEC(Delta, ZSTD(1)),
    n Int64 CODEC(ZSTD(1)),
    before LowCardinality(String),
    decides Int64 CODEC(ZSTD(1)),
    after Int64 CODEC(ZSTD(1)),
    until Int64 CODEC(ZSTD(1)),
    calendar LowCardinality(String),
    left Int64 CODEC(ZSTD(1)),
    category LowCardinality(String),
    priority LowCardinality(String),
    channel LowCardinality(String),
    department LowCardinality(String),
    owner LowCardinality(String),
    region LowCardinality(String),
    tier LowCardinality(String),
    product LowCardinality(String),
    level LowCardinality(String),
    cause_group LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY (unit, part)
ORDER BY (dimension, value, what, at)
SETTINGS index_granularity = 1024, old_parts_lifetime = 1, cleanup_delay_period = 1, cleanup_delay_period_random_add = 0,
    max_cleanup_delay_period = 2;

-- Which way of making the sums all months follow; a row is written when every month has been made that way.
CREATE TABLE tallies_ready
(
    formula String,
    made_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(made_at)
ORDER BY tuple();
