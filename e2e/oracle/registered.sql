SELECT complaint_id, registered_at FROM complaints FINAL
