INSERT INTO asof_keys (asof_key) VALUES ({asof_key:UInt64})
