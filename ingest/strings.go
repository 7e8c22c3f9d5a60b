package ingest

import "encoding/binary"

// properStrings checks every string of a JSON text for raw control characters and unknown escapes. The fast decoder
// lets some pass in fields that it skips, but what is stored must be JSON to every reader.
func properStrings(raw []byte) bool {
	if plain(raw) {
		return true
	}
	inside := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '"':
			inside = !inside
		case !inside:
		case c < ' ':
			return false
		case c == '\\':
			n := escapeLength(raw[i:])
			if n == 0 {
				return false
			}
			i += n - 1
		}
	}
	return true
}

// plain says that no byte is a control character or a backslash, as in most events. It looks at eight bytes at a time.
func plain(raw []byte) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for len(raw) >= 8 {
		word := binary.LittleEndian.Uint64(raw)
		backslash := word ^ '\\'*ones
		if ((word-' '*ones)&^word|(backslash-ones)&^backslash)&tops != 0 {
			return false
		}
		raw = raw[8:]
	}
	for _, c := range raw {
		if c < ' ' || c == '\\' {
			return false
		}
	}
	return true
}

// escapeLength gives the bytes of the escape at the beginning, 0 when it is none.
func escapeLength(raw []byte) int {
	if len(raw) < 2 {
		return 0
	}
	switch raw[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(raw) < 6 {
			return 0
		}
		for _, c := range raw[2:6] {
			if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
				return 0
			}
		}
		return 6
	}
	return 0
}
