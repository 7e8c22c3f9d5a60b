-- A discovery is published by its row in issue_runs, which is written last: readers take the newest run and so never see
-- half of one. Older runs are dropped by partition.
CREATE TABLE issue_runs
(
    run UInt64,
    discovered_at DateTime64(3, 'UTC'),
    messages UInt64
)
ENGINE = MergeTree ORDER BY run;

CREATE TABLE issues
(
    run UInt64,
    issue_id String,
    name String,
    keywords Array(String),
    weights Array(Float64),
    representatives Array(String),
    merged_from Array(String)
)
ENGINE = MergeTree PARTITION BY run ORDER BY issue_id;

CREATE TABLE issue_members
(
    run UInt64,
    complaint_id String,
    issue_id String,
    INDEX by_issue issue_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = MergeTree PARTITION BY run ORDER BY complaint_id;

-- Ids that an issue took over, over all runs, so that old addresses still lead somewhere.
CREATE TABLE issue_lineage
(
    from_issue String,
    into_issue String,
    run UInt64
)
ENGINE = ReplacingMergeTree(run) ORDER BY from_issue;

CREATE VIEW current_issue_members AS
SELECT complaint_id, issue_id FROM issue_members WHERE run = (SELECT max(run) FROM issue_runs);

CREATE VIEW current_issues AS
SELECT * FROM issues WHERE run = (SELECT max(run) FROM issue_runs);
