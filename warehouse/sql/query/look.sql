-- What a question that is worth a second glance counted.
SELECT
    toInt64(countIf(looked)),
    toInt64(countIf(looked AND found)),
    toInt64(countIf(NOT looked)),
    toInt64(countIf(NOT looked AND found)),
    toInt64(uniqExactIf(complaint_id, looked AND found))
FROM (occasions_of_end_before_due) -- if look end_before_due
FROM (occasions_of_pause_before_due) -- if look pause_before_due
FROM (occasions_of_bot_only) -- if look bot_only
FROM (occasions_of_never_asked) -- if look never_asked
FROM (occasions_of_month_end) -- if look month_end
