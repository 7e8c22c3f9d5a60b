SELECT concat('tallies_next_', replaceAll(toString(generateUUIDv4()), '-', ''))
