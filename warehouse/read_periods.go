package warehouse

import (
	"time"

	"wenguo/transform/kpi"
)

// mostTrendDays is the longest period whose trend has a point for every day; longer ones count in weeks.
const mostTrendDays = 31

// begun counts the buckets between edges that begin before the instant.
func begun(edges []time.Time, at time.Time) int {
	n := 0
	for _, start := range edges[:len(edges)-1] {
		if start.Before(at) {
			n++
		}
	}
	return n
}

// trendEdges cuts a period for a trend of at most about thirty points, each of the same number of days.
func trendEdges(q kpi.Query, zone *time.Location) (edges []time.Time, days int) {
	length := int((q.To.Sub(q.From) + 24*time.Hour - 1) / (24 * time.Hour))
	days = 1
	if length > mostTrendDays {
		days = 7 * ((length + 7*mostTrendDays - 1) / (7 * mostTrendDays))
	}
	start := q.From.In(zone)
	for i := 0; ; i++ {
		at := start.AddDate(0, 0, i*days)
		if i > 0 && !at.Before(q.To) {
			return append(edges, q.To), days
		}
		edges = append(edges, at)
	}
}

// previousFrom is where the period to compare with begins; it ends where this one begins. Of a calendar month or quarter
// it is the one before, of any other range the range of equal length.
func previousFrom(q kpi.Query, zone *time.Location) time.Time {
	from, to := q.From.In(zone), q.To.In(zone)
	midnight := func(t time.Time) bool { h, m, s := t.Clock(); return h == 0 && m == 0 && s == 0 && t.Nanosecond() == 0 }
	switch first := midnight(from) && from.Day() == 1; {
	case first && to.Equal(from.AddDate(0, 1, 0)):
		return from.AddDate(0, -1, 0)
	case first && to.Equal(from.AddDate(0, 3, 0)) && from.Month()%3 == 1:
		return from.AddDate(0, -3, 0)
	case midnight(from) && midnight(to):
		days := int((to.Sub(from) + 12*time.Hour) / (24 * time.Hour)) // days differ from 24 h where clocks change
		return from.AddDate(0, 0, -days)
	}
	return from.Add(-to.Sub(from))
}
