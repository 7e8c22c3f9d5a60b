ALTER TABLE issue_members DROP PARTITION {run:UInt64}
