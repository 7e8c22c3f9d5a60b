-- Versions that a merge has not removed yet count too: the order of frequency bears that.
SELECT toString(department) AS name
FROM complaints
WHERE department != '' AND (state = 'open' OR last_event_at >= {since:DateTime64(3, 'UTC')})
GROUP BY name
ORDER BY count() DESC, name
LIMIT {most:UInt32}
