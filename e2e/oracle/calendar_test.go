package oracle

import (
	"encoding/csv"
	"math"
	"os"
	"testing"
	"time"
)

// instant is milliseconds since 1970, UTC; none has not happened.
type instant = int64

const none instant = math.MinInt64

const (
	second instant = 1000
	minute         = 60 * second
	hour           = 60 * minute
	day            = 24 * hour
)

// zoneOffset is that of Asia/Shanghai, which has had no summer time since 1991.
const zoneOffset = 8 * hour

// span is [from, to).
type span struct{ from, to instant }

// calendar says which time counts: all of it, or the working hours of working days.
type calendar struct {
	natural bool
	// exceptions are the days that are not what their weekday says: true is a day of work.
	exceptions map[string]bool
}

// workday is what one whole working day counts.
const workday = 3*hour + 4*hour + 30*minute

func readHolidays(t *testing.T) map[string]bool {
	t.Helper()
	f, err := os.Open("../../transform/sla/holidays/cn.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]bool{}
	for _, row := range rows[1:] {
		days[row[0]] = row[1] == "work"
	}
	return days
}

// stretches gives the counted stretches of the zone's day that begins at midnight.
func (c calendar) stretches(midnight instant) []span {
	if c.natural {
		return []span{{midnight, midnight + day}}
	}
	date := time.UnixMilli(midnight + zoneOffset).UTC()
	works, known := c.exceptions[date.Format(time.DateOnly)]
	if !known {
		works = date.Weekday() != time.Saturday && date.Weekday() != time.Sunday
	}
	if !works {
		return nil
	}
	return []span{
		{midnight + 9*hour, midnight + 12*hour},
		{midnight + 13*hour + 30*minute, midnight + 18*hour},
	}
}

// midnightBefore is the beginning of the zone's day in which the instant lies.
func midnightBefore(at instant) instant {
	local := at + zoneOffset
	local -= ((local % day) + day) % day
	return local - zoneOffset
}

// between is the counted time from one instant to a later one.
func (c calendar) between(from, to instant) instant {
	var counted instant
	for midnight := midnightBefore(from); midnight < to; midnight += day {
		for _, s := range c.stretches(midnight) {
			counted += max(0, min(s.to, to)-max(s.from, from))
		}
	}
	return counted
}

// due is the earliest instant by which so much time has counted since from, leaving out the pauses, which are in order
// and apart.
func (c calendar) due(from, target instant, pauses []span) instant {
	if target <= 0 {
		return from
	}
	left := target
	for midnight := midnightBefore(from); ; midnight += day {
		for _, s := range c.stretches(midnight) {
			for _, piece := range without(span{max(s.from, from), s.to}, pauses) {
				if length := piece.to - piece.from; length < left {
					left -= length
					continue
				}
				return piece.from + left
			}
		}
	}
}

// without cuts the pauses out of a stretch.
func without(s span, pauses []span) []span {
	var pieces []span
	for _, p := range pauses {
		if p.to <= s.from || p.from >= s.to {
			continue
		}
		if p.from > s.from {
			pieces = append(pieces, span{s.from, p.from})
		}
		s.from = p.to
	}
	if s.from < s.to {
		pieces = append(pieces, s)
	}
	return pieces
}
