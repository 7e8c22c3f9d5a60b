-- Registrations by weekday (1 is Monday) and hour of the organisation's zone.
SELECT toDayOfWeek(registered_at, 0, {zone:String}) AS weekday, toHour(registered_at, {zone:String}) AS hour, count() AS complaints
FROM facts
WHERE registered_at >= {from:DateTime64(3, 'UTC')} AND registered_at < {to:DateTime64(3, 'UTC')}
GROUP BY weekday, hour
ORDER BY weekday, hour
