-- What a list of clocks says of their complaints, whose span of registrations says which months to read.
SELECT complaint_id, title, toString(category), toString(priority), toString(department), toString(owner)
FROM everything
WHERE complaint_id IN ({ids:Array(String)})
    AND registered_at >= {oldest:DateTime64(3, 'UTC')} AND registered_at <= {newest:DateTime64(3, 'UTC')}
