INSERT INTO issue_runs (run, discovered_at, messages) VALUES ({run:UInt64}, {at:DateTime64(3, 'UTC')}, {messages:UInt64})
