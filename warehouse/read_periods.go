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

// previousFrom is where the period to compare with begins; it ends where this one begins.
func previousFrom(q kpi.Query, zone *time.Location) time.Time { return q.Period().Previous(zone).From }
