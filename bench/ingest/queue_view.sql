CREATE MATERIALIZED VIEW queue_view TO ten AS
SELECT event_id, complaint_id, kind, occurred_at, source, actor.department AS department,
    data.title AS title, data.content AS content, data.category AS category, data.priority AS priority
FROM queue
