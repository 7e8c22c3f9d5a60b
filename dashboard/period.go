package dashboard

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"wenguo/transform/kpi"
)

// Keys of the periods that a page offers.
const (
	periodToday       = "today"
	periodWeek        = "week"
	periodLastWeek    = "last_week"
	period7d          = "7d"
	period30d         = "30d"
	period90d         = "90d"
	periodMonth       = "month"
	periodLastMonth   = "last_month"
	periodQuarter     = "quarter"
	periodLastQuarter = "last_quarter"
	periodYear        = "year_to_date"
	period12m         = "12m"
	periodAll         = "all"
	periodCustom      = "custom"
)

// namedPeriod is a period with its name on the page. Near ones stand in the bar, the others behind “more”.
type namedPeriod struct {
	Key, Name string
	Near      bool
}

var namedPeriods = []namedPeriod{ //nolint:gochecknoglobals // a constant list
	{periodWeek, "本周", true},
	{periodLastWeek, "上周", true},
	{periodMonth, "本月", true},
	{periodLastMonth, "上月", true},
	{periodQuarter, "本季", true},
	{period7d, "近 7 天", true},
	{period30d, "近 30 天", true},
	{periodAll, "全部", true},
	{periodToday, "今天", false},
	{periodLastQuarter, "上季", false},
	{periodYear, "今年", false},
	{period90d, "近 90 天", false},
	{period12m, "近 12 个月", false},
}

// periodKeys are the names that an address may use.
func periodKeys() []string {
	keys := make([]string, len(namedPeriods))
	for i, p := range namedPeriods {
		keys[i] = p.Key
	}
	return keys
}

// period is [From, To) in the organisation's zone.
type period struct {
	Key      string
	From, To time.Time
}

// midnight is the start of t's day in its own zone.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// preset answers a named period around now. span is what "all" covers; without it "all" is the last 30 days.
func preset(key string, now time.Time, first, last time.Time) (period, bool) {
	today := midnight(now)
	tomorrow := today.AddDate(0, 0, 1)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	monday := today.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	quarter := month.AddDate(0, -int(now.Month()-1)%3, 0)
	switch key {
	case periodToday:
		return period{key, today, tomorrow}, true
	case periodWeek:
		return period{key, monday, monday.AddDate(0, 0, 7)}, true
	case periodLastWeek:
		return period{key, monday.AddDate(0, 0, -7), monday}, true
	case period7d:
		return period{key, today.AddDate(0, 0, -6), tomorrow}, true
	case period30d:
		return period{key, today.AddDate(0, 0, -29), tomorrow}, true
	case period90d:
		return period{key, today.AddDate(0, 0, -89), tomorrow}, true
	case periodMonth:
		return period{key, month, month.AddDate(0, 1, 0)}, true
	case periodLastMonth:
		return period{key, month.AddDate(0, -1, 0), month}, true
	case periodQuarter:
		return period{key, quarter, quarter.AddDate(0, 3, 0)}, true
	case periodLastQuarter:
		return period{key, quarter.AddDate(0, -3, 0), quarter}, true
	case periodYear:
		return period{key, time.Date(now.Year(), 1, 1, 0, 0, 0, 0, now.Location()), tomorrow}, true
	case period12m:
		return period{key, month.AddDate(0, -11, 0), month.AddDate(0, 1, 0)}, true
	case periodAll:
		if first.IsZero() {
			return period{key, today.AddDate(0, 0, -29), tomorrow}, true
		}
		return period{key, midnight(first.In(now.Location())), midnight(last.In(now.Location())).AddDate(0, 0, 1)}, true
	}
	return period{}, false
}

// parsePeriod reads period=, or from= and to= (exclusive) or until= (the last day, as the form on the page asks it).
func parsePeriod(q url.Values, now time.Time, first, last time.Time) (period, error) {
	from, to, until := q.Get("from"), q.Get("to"), q.Get("until")
	if from == "" && to == "" && until == "" {
		key := q.Get("period")
		if key == "" {
			key = period30d
		}
		p, ok := preset(key, now, first, last)
		if !ok {
			return period{}, badField("period", "没有名为“"+key+"”的时间范围，可用 "+strings.Join(periodKeys(), "、")+"，或 from 与 to")
		}
		return p, nil
	}
	p := period{Key: periodCustom}
	var err error
	if p.From, err = parseInstant(from, now.Location()); err != nil {
		return period{}, badField("from", "开始日期要写成 2026-11-01 这样："+from)
	}
	if to == "" {
		day, err := time.ParseInLocation(time.DateOnly, until, now.Location())
		if err != nil {
			return period{}, badField("until", "结束日期要写成 2026-11-30 这样："+until)
		}
		p.To = day.AddDate(0, 0, 1)
	} else if p.To, err = parseInstant(to, now.Location()); err != nil {
		return period{}, badField("to", "结束日期要写成 2026-12-01 这样："+to)
	}
	if !p.From.Before(p.To) {
		return period{}, badField("from", "开始日期必须早于结束日期")
	}
	if p.To.Sub(p.From) > 50*366*24*time.Hour {
		return period{}, badField("from", "时间范围不能超过 50 年")
	}
	return p, nil
}

// parseInstant reads a bare date as its midnight in the zone, or an RFC 3339 instant.
func parseInstant(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("parse instant: %w", err)
	}
	return t.In(zone), nil
}

// span is the period without its name.
func (p period) span() kpi.Period { return kpi.Period{From: p.From, To: p.To} }

// named gives a span a name.
func named(key string, p kpi.Period) period { return period{key, p.From, p.To} }

// previous is the period to compare with.
func (p period) previous() period { return named(p.Key, p.span().Previous(p.From.Location())) }

// days is the length in days, rounded up.
func (p period) days() int {
	return int((p.To.Sub(p.From) + 24*time.Hour - 1) / (24 * time.Hour))
}
