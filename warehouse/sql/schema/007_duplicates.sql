-- Complaints whose texts are nearly the same, as found by a run and published by its row in duplicate_runs, which is
-- written last. Every pair stands twice, once under each complaint; of a complaint with very many only the nearest stand.
CREATE TABLE duplicate_runs
(
    run UInt64,
    found_at DateTime64(3, 'UTC'),
    pairs UInt64
)
ENGINE = MergeTree ORDER BY run;

CREATE TABLE duplicates
(
    run UInt64,
    complaint_id String,
    other_id String,
    similarity Float64
)
ENGINE = MergeTree PARTITION BY run ORDER BY (complaint_id, other_id);
