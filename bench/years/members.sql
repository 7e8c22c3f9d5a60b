-- Recurring issues for the pages: half of the complaints, by category and product.
INSERT INTO issue_members (run, complaint_id, issue_id, registered_at)
SELECT 1, complaint_id, concat('i-', toString(cityHash64(category, product) % 60)), registered_at
FROM complaints FINAL
WHERE cityHash64(complaint_id) % 2 = 0 AND toUInt64OrZero(splitByChar('#', complaint_id)[2]) >= {first:UInt64}
