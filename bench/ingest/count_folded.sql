-- Events that the facts cover, by the watermarks of the facts' worker.
SELECT sum(reached) AS rows
FROM (SELECT max(next_offset) AS reached FROM watermarks WHERE worker = 'facts' AND k_topic = 'complaints.events' GROUP BY k_partition)
