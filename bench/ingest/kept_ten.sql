SELECT event_id FROM ten
