package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"wenguo/dashboard/sheet"
)

// cell is one of a printed table: what it says, and what stands small below.
type cell struct{ Main, Small, Class string }

// dash stands for what does not exist; it is never 0.
const dash = "—"

// cells are a row as it is printed: intervals and n stand below the figure that they belong to.
func (t *Table) cells(places []int, row []any, zone *time.Location) []cell {
	var out []cell
	var low string
	for _, i := range places {
		c := t.Columns[i]
		said := written(c.Column, row[i], zone)
		switch c.Under {
		case Beside:
			out = append(out, cell{Main: said, Class: classOf(c)})
			if said == "" {
				out[len(out)-1].Main = dash
			}
			low = ""
		case Low:
			low = said
		case High:
			if last := &out[len(out)-1]; low != "" && said != "" {
				last.Small = low + "–" + said
			}
		case N:
			last := &out[len(out)-1]
			if last.Small != "" {
				last.Small += " · "
			}
			last.Small += "n=" + said
		}
	}
	return out
}

func classOf(c Column) string {
	switch {
	case c.Kind == sheet.Count, c.Kind == sheet.Number, c.Kind == sheet.Share:
		return "n"
	case c.Narrow, c.Kind == sheet.Instant, c.Kind == sheet.Day:
		return "keep"
	}
	return "line"
}

// written is a cell in words, empty for one without value.
func written(c sheet.Column, v any, zone *time.Location) string {
	switch v := v.(type) {
	case *float64:
		if v != nil {
			return written(c, *v, zone)
		}
	case *int64:
		if v != nil {
			return grouped(*v)
		}
	case string:
		return plain(v)
	case int:
		return grouped(int64(v))
	case int64:
		return grouped(v)
	case float64:
		if c.Kind == sheet.Share {
			return percent(v)
		}
		return strings.Replace(strconv.FormatFloat(math.Round(v*10)/10, 'f', 1, 64), "-", "−", 1)
	case time.Time:
		switch {
		case v.IsZero():
		case c.Kind == sheet.Day:
			return v.In(zone).Format(time.DateOnly)
		default:
			return v.In(zone).Format("2006-01-02 15:04")
		}
	}
	return ""
}

// plain is a text without what turns the reading order around, on lines as it was written.
func plain(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = sheet.Plain(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	if n < 0 {
		return "−" + grouped(-n)
	}
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent writes a fraction with one decimal, cut so that 0.9996 does not become 100.0.
func percent(f float64) string {
	p := math.Round(f*1000) / 10
	switch {
	case p == 100 && f < 1:
		p = 99.9
	case p == 0 && f > 0:
		return "<0.1"
	}
	return strconv.FormatFloat(p, 'f', 1, 64)
}
