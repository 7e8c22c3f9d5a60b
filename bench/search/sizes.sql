SELECT table, sum(rows), formatReadableSize(sum(bytes_on_disk)), formatReadableSize(sum(secondary_indices_compressed_bytes)), count()
FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('complaints', 'search_texts', 'search_keys')
GROUP BY table ORDER BY table
