package dashboard

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// dash stands for a figure that does not exist; it is never 0.
const dash = "—"

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	if n < 0 {
		return "−" + grouped(-n)
	}
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// percent writes a fraction with one decimal, cut so that 0.9996 does not become 100.0.
func percent(f float64) string {
	p := math.Round(f*1000) / 10
	if p == 100 && f < 1 {
		p = 99.9
	}
	if p == 0 && f > 0 {
		return "<0.1"
	}
	return strconv.FormatFloat(p, 'f', 1, 64)
}

// span is a duration in its natural unit: the number and the unit apart, so that a page can weigh them.
func span(seconds float64) (number, unit string) {
	switch abs := math.Abs(seconds); {
	case abs < 60:
		return strconv.FormatFloat(math.Round(seconds), 'f', 0, 64), "秒"
	case abs < 90*60:
		return strconv.FormatFloat(math.Round(seconds/60), 'f', 0, 64), "分钟"
	case abs < 48*3600:
		return strconv.FormatFloat(seconds/3600, 'f', 1, 64), "小时"
	}
	return strconv.FormatFloat(seconds/86400, 'f', 1, 64), "天"
}

func spanText(seconds float64) string {
	n, u := span(seconds)
	return n + " " + u
}

// promiseText writes a promised time as people say it: 1 小时, 3 天.
func promiseText(d time.Duration) string {
	if d >= time.Hour && d < 48*time.Hour && d%time.Minute == 0 {
		return strconv.FormatFloat(math.Round(d.Hours()*100)/100, 'f', -1, 64) + " 小时"
	}
	number, unit := span(d.Seconds())
	return strings.TrimSuffix(number, ".0") + " " + unit
}

func durationText(d time.Duration) string { return spanText(d.Seconds()) }

// clockTime writes an instant in the zone for a table: with the year only where it is not now's.
func clockTime(t, now time.Time) string {
	switch {
	case t.IsZero():
		return dash
	case t.In(now.Location()).Year() == now.Year():
		return t.In(now.Location()).Format("01-02 15:04")
	}
	return t.In(now.Location()).Format("2006-01-02 15:04")
}

// day writes the date of an instant in the zone.
func day(t, now time.Time) string {
	switch {
	case t.IsZero():
		return dash
	case t.In(now.Location()).Year() == now.Year():
		return t.In(now.Location()).Format("01-02")
	}
	return t.In(now.Location()).Format("2006-01-02")
}

// ago says how long before now an instant lies, in words.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "从未"
	}
	d := now.Sub(t)
	switch {
	case d < 0:
		return "刚刚"
	case d < 5*time.Second:
		return "刚刚"
	case d < time.Minute:
		return fmt.Sprintf("%d 秒前", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d 分钟前", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d 小时前", int(d.Hours()))
	}
	return fmt.Sprintf("%d 天前", int(d.Hours()/24))
}

// periodText is a period in words: its days, both included.
func periodText(p period) string {
	return p.From.Format("2006 年 1 月 2 日") + "—" + lastDayText(p)
}

// lastDayText is the last day of a period in words, with the year where it is another than the first day's.
func lastDayText(p period) string {
	last := p.To.Add(-time.Nanosecond)
	if p.From.Year() == last.Year() {
		return last.Format("1 月 2 日")
	}
	return last.Format("2006 年 1 月 2 日")
}
