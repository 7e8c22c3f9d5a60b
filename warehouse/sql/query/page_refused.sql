-- Why messages were refused since an instant of the bus, most frequent reason first.
SELECT toString(class) AS class, toString(field) AS field, reason, count() AS messages, min(bus_time) AS oldest, max(bus_time) AS newest
FROM rejects
WHERE bus_time >= {since:DateTime64(3, 'UTC')}
GROUP BY class, field, reason
ORDER BY messages DESC, class, field, reason
LIMIT 200
