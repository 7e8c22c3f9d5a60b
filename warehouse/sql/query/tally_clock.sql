SELECT max(bus_time) FROM events
