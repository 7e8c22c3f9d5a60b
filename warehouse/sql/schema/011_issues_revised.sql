-- What people decide shows before the next discovery: within a run the newest row of an issue counts, and one that is gone
-- is not there. A discovery's own rows are of 1970.
ALTER TABLE issues ADD COLUMN revised_at DateTime64(3, 'UTC');
ALTER TABLE issues ADD COLUMN gone Bool;

CREATE OR REPLACE VIEW current_issues AS
SELECT run, issue_id, name, keywords, weights, representatives, merged_from
FROM
(
    SELECT *
    FROM issues
    WHERE run = (SELECT max(run) FROM issue_runs)
    ORDER BY revised_at DESC
    LIMIT 1 BY issue_id
)
WHERE NOT gone;
