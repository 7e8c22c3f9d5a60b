SELECT name, toString(uuid) FROM system.tables WHERE database = currentDatabase() AND name IN ({tables:Array(String)})
