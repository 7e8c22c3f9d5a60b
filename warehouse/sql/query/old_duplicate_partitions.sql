SELECT DISTINCT toUInt64(partition) FROM system.parts
WHERE database = currentDatabase() AND table = 'duplicates' AND active AND toUInt64(partition) < {run:UInt64} ORDER BY 1
