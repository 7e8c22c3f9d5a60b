-- Facts say which milestones a complaint came to and what its time was spent on (transform.Reached, transform.Spent), in
-- milliseconds. They are made again from events: the worker starts over where it has no watermark, and until it is done a
-- fact without milestones is one that was not made again yet.
ALTER TABLE complaints
    ADD COLUMN milestone_what Array(LowCardinality(String)) CODEC(ZSTD(1)),
    ADD COLUMN milestone_at Array(Int64) CODEC(ZSTD(1)),
    ADD COLUMN spent_on Array(LowCardinality(String)) CODEC(ZSTD(1)),
    ADD COLUMN spent_took Array(Int64) CODEC(ZSTD(1)),
    ADD COLUMN spent_worked Array(Int64) CODEC(ZSTD(1));

ALTER TABLE complaints_asof
    ADD COLUMN milestone_what Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER mark_last,
    ADD COLUMN milestone_at Array(Int64) CODEC(ZSTD(1)) AFTER milestone_what,
    ADD COLUMN spent_on Array(LowCardinality(String)) CODEC(ZSTD(1)) AFTER milestone_at,
    ADD COLUMN spent_took Array(Int64) CODEC(ZSTD(1)) AFTER spent_on,
    ADD COLUMN spent_worked Array(Int64) CODEC(ZSTD(1)) AFTER spent_took;

TRUNCATE TABLE asof_keys;

TRUNCATE TABLE complaints_asof;

TRUNCATE TABLE watermarks;
