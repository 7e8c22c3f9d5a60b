-- All complaints registered up to T, by weeks of 7 × 24 h that end at T, the newest being 0: a whole day belongs to the week
-- that holds its noon, as with the daily sums.
SELECT
    toInt64(greatest(0, intDiv({t:Int64} - toUnixTimestamp64Milli(toDateTime64(toStartOfDay(registered_at, {zone:String}), 3)) - 43200000, 604800000))) AS week,
    toInt64(count()) AS complaints
FROM complaints FINAL
WHERE registered_at <= {at:DateTime64(3, 'UTC')}
GROUP BY week
HAVING week < {weeks:UInt32}
