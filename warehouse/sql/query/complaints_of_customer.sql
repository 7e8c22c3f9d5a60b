-- Registrations and corrections that may name the customer; an escape may hide the letters of it.
SELECT complaint_id, raw
FROM events
WHERE kind IN ('registered', 'corrected') AND (position(raw, {customer:String}) > 0 OR position(raw, '\\u') > 0 OR position(raw, '\\/') > 0)
    AND complaint_id NOT IN (SELECT complaint_id FROM events WHERE kind = 'erased')
ORDER BY complaint_id
