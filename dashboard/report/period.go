package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"wenguo/transform/kpi"
)

// readyDays is how many days after a period its papers are ready: on the 5th.
const readyDays = 4

// Period is a calendar month or quarter of the organisation's zone, [From, To).
type Period struct {
	// Key is how it is asked for: 2026-10 or 2026-Q4.
	Key string
	kpi.Period
}

// ParsePeriod reads a month like 2026-10 or a quarter like 2026-Q4.
func ParsePeriod(key string, zone *time.Location) (Period, error) {
	if month, err := time.ParseInLocation("2006-01", key, zone); err == nil {
		return Period{key, kpi.Period{From: month, To: month.AddDate(0, 1, 0)}}, nil
	}
	year, quarter, ok := strings.Cut(key, "-Q")
	y, err := strconv.Atoi(year)
	q, wrong := strconv.Atoi(quarter)
	if !ok || err != nil || wrong != nil || q < 1 || q > 4 || len(year) != 4 {
		return Period{}, fmt.Errorf("period %q is neither a month like 2026-10 nor a quarter like 2026-Q4", key)
	}
	from := time.Date(y, time.Month(3*q-2), 1, 0, 0, 0, 0, zone)
	return Period{key, kpi.Period{From: from, To: from.AddDate(0, 3, 0)}}, nil
}

// MonthOf is the month that an instant lies in, months later.
func MonthOf(t time.Time, zone *time.Location, months int) Period {
	y, m, _ := t.In(zone).Date()
	from := time.Date(y, m, 1, 0, 0, 0, 0, zone).AddDate(0, months, 0)
	return Period{from.Format("2006-01"), kpi.Period{From: from, To: from.AddDate(0, 1, 0)}}
}

// QuarterOf is the quarter that an instant lies in, quarters later.
func QuarterOf(t time.Time, zone *time.Location, quarters int) Period {
	y, m, _ := t.In(zone).Date()
	from := time.Date(y, m-(m-1)%3, 1, 0, 0, 0, 0, zone).AddDate(0, 3*quarters, 0)
	key := fmt.Sprintf("%d-Q%d", from.Year(), (int(from.Month())+2)/3)
	return Period{key, kpi.Period{From: from, To: from.AddDate(0, 3, 0)}}
}

// Quarter says whether it is one.
func (p Period) Quarter() bool { return strings.Contains(p.Key, "Q") }

// Label is the period in words: 2026 年 10 月, 2026 年第四季度.
func (p Period) Label() string {
	if p.Quarter() {
		return p.From.Format("2006 年") + "第" + []string{"一", "二", "三", "四"}[(int(p.From.Month())-1)/3] + "季度"
	}
	return p.From.Format("2006 年 1 月")
}

// Ready is the instant that the papers' numbers are as of once it has come: the beginning of the 5th after the period.
func (p Period) Ready() time.Time { return p.To.AddDate(0, 0, readyDays) }

// Due is the end of the day on which the papers are due, the 5th.
func (p Period) Due() time.Time { return p.To.AddDate(0, 0, readyDays+1) }

// AsOf is the instant of the papers as long as nothing is published: the 5th, or the newest event that is stored when the
// 5th has not come. It follows from what is stored alone.
func (p Period) AsOf(newest time.Time) time.Time {
	if newest.IsZero() || newest.After(p.Ready()) {
		return p.Ready()
	}
	return newest.Truncate(time.Millisecond)
}
