INSERT INTO duplicate_runs (run, found_at, pairs) VALUES ({run:UInt64}, {at:DateTime64(3, 'UTC')}, {pairs:UInt64})
