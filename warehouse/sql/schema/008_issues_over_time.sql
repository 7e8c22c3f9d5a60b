-- Between two discoveries a complaint may come into an issue, leave it or change it: new texts are assigned, corrected and
-- erased ones are looked at again. Its newest move in the run counts instead of what the discovery found; the empty issue
-- is none. moved_at orders them.
CREATE TABLE issue_moves
(
    run UInt64,
    complaint_id String,
    issue_id String,
    evidence Float64,
    registered_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    moved_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(moved_at) PARTITION BY run ORDER BY (run, complaint_id);

-- When a member's complaint was registered, as the discovery read it: a period's members are found without the facts of all
-- history.
ALTER TABLE issue_members ADD COLUMN registered_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1));

CREATE OR REPLACE VIEW current_issue_members AS
SELECT complaint_id, issue_id, registered_at
FROM issue_members
WHERE run = (SELECT max(run) FROM issue_runs)
    AND complaint_id NOT IN (SELECT complaint_id FROM issue_moves WHERE run = (SELECT max(run) FROM issue_runs))
UNION ALL
SELECT complaint_id, issue_id, registered_at
FROM issue_moves FINAL
WHERE run = (SELECT max(run) FROM issue_runs) AND issue_id != '';

-- What became of issues, one row for each pair and run, over all runs:
--   merged  from_issue was taken over by into_issue; complaints are those they shared
--   split   into_issue is new, and was a part of from_issue, which goes on
--   ended   from_issue is gone: its complaints recur no longer by the evidence; into_issue is empty
-- name is what from_issue was called. A run counts when it is in issue_runs.
CREATE TABLE issue_history
(
    run UInt64,
    at DateTime64(3, 'UTC'),
    kind LowCardinality(String),
    from_issue String,
    into_issue String,
    name String,
    complaints UInt64
)
ENGINE = MergeTree ORDER BY (run, from_issue);

-- What an issue held when a decision that names it was first read: decisions name issues by id, and people meant what they
-- saw. It follows from no event, so it is kept over every rebuild.
CREATE TABLE issue_held
(
    subject String,
    decision_id String,
    named String,
    issue_id String,
    complaints Array(String) CODEC(ZSTD(1)),
    held_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree ORDER BY (decision_id, subject, named)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
