SELECT count() FROM asof_keys WHERE asof_key = {asof_key:UInt64}
