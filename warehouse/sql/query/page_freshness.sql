SELECT
    (SELECT (max(occurred_at), max(bus_time), count()) FROM events) AS stored,
    stored.1 AS last_event_at,
    stored.2 AS last_arrived_at,
    toUInt64(stored.3) AS events,
    (SELECT count() FROM complaints FINAL) AS complaints,
    (SELECT min(registered_at) FROM complaints) AS first_registered_at,
    (
        SELECT max(registered_at) FROM complaints FINAL
        WHERE registered_at >= (SELECT toStartOfMonth(max(registered_at)) FROM complaints)
    ) AS last_registered_at,
    (SELECT count() FROM rejects) AS rejects,
    (SELECT count() FROM orphans FINAL) AS orphans,
    (SELECT max(discovered_at) FROM issue_runs) AS last_discovery_at
SETTINGS do_not_merge_across_partitions_select_final = 1
