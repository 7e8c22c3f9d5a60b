-- The rows of one page. Their span of registrations says which months to read.
SELECT
    complaint_id, registered_at, title, substringUTF8(content, 1, {excerpt:UInt32}) AS excerpt, channel, category, priority, product,
    department, owner, state, paused_ms, ended_ms, clock_stage, clock_calendar, clock_due, clock_frozen, clock_remaining,
    clock_finished, clock_cancelled, clock_anomaly, length(round_started) AS rounds, rating_score[-1] AS score
FROM everything
WHERE complaint_id IN ({ids:Array(String)})
    AND registered_at >= {oldest:DateTime64(3, 'UTC')} AND registered_at <= {newest:DateTime64(3, 'UTC')}
ORDER BY registered_at DESC, complaint_id
