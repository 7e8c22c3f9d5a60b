-- Complaints whose customer asked to be forgotten: how many stored messages of theirs the facts' worker has seen, and how many
-- were without personal data when the eraser was done with them. A message that comes later, a copy too, makes more to do.
CREATE TABLE erasures
(
    complaint_id String,
    seen SimpleAggregateFunction(max, UInt64),
    done SimpleAggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree ORDER BY complaint_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Those that asked before there was an eraser.
INSERT INTO erasures (complaint_id, seen, done) SELECT complaint_id, 1, 0 FROM complaints FINAL WHERE erased;
