-- When what a complaint is about happened, by the person who complained (incident_at), unix milliseconds, 0 where nobody
-- said: the effect of an action is counted by it. Facts are made again from events, as with journeys.
ALTER TABLE complaints ADD COLUMN incident_ms Int64 CODEC(Delta, ZSTD(1));

ALTER TABLE complaints_asof ADD COLUMN incident_ms Int64 CODEC(Delta, ZSTD(1)) AFTER spent_worked;

TRUNCATE TABLE asof_keys;

TRUNCATE TABLE complaints_asof;

TRUNCATE TABLE watermarks;
