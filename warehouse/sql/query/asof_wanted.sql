-- The complaints that went on after T, and a hash that changes when any of their facts does.
SELECT groupArray(complaint_id), groupBitXor(cityHash64(complaint_id, version))
FROM complaints FINAL
WHERE registered_at <= {at:DateTime64(3, 'UTC')} AND last_event_at > {at:DateTime64(3, 'UTC')}
