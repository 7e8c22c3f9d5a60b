package dashboard

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"wenguo/transform"
)

// encodeCursor writes a cursor for an address.
func encodeCursor(c transform.Cursor) string {
	if c.IsZero() {
		return ""
	}
	key := strconv.FormatInt(c.RegisteredAt.UnixMilli(), 10)
	if c.Score != 0 {
		key += "~" + strconv.FormatInt(c.Score, 10)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(key + " " + c.ComplaintID))
}

func decodeCursor(s string) (transform.Cursor, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return transform.Cursor{}, false
	}
	ms, id, ok := strings.Cut(string(raw), " ")
	ms, points, scored := strings.Cut(ms, "~")
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil || !ok || id == "" {
		return transform.Cursor{}, false
	}
	score := int64(0)
	if scored {
		if score, err = strconv.ParseInt(points, 10, 64); err != nil {
			return transform.Cursor{}, false
		}
	}
	return transform.Cursor{RegisteredAt: time.UnixMilli(n).UTC(), ComplaintID: id, Score: score}, true
}

// encodeDue writes the cursor of a list of clocks for an address.
func encodeDue(c transform.DueCursor) string {
	if c.IsZero() {
		return ""
	}
	key := strconv.FormatInt(c.Due.UnixMilli(), 10) + " " + strconv.Itoa(c.Place) + " " + c.ComplaintID
	return base64.RawURLEncoding.EncodeToString([]byte(key))
}

func decodeDue(s string) (transform.DueCursor, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return transform.DueCursor{}, false
	}
	parts := strings.SplitN(string(raw), " ", 3)
	if len(parts) != 3 || parts[2] == "" {
		return transform.DueCursor{}, false
	}
	due, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return transform.DueCursor{}, false
	}
	place, err := strconv.ParseUint(parts[1], 10, 16)
	if err != nil {
		return transform.DueCursor{}, false
	}
	return transform.DueCursor{Due: time.UnixMilli(due).UTC(), ComplaintID: parts[2], Place: int(place)}, true
}
