package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wenguo/transform/sla"
)

// timeInterval is Alertmanager's: the union of its parts.
type timeInterval struct {
	Name  string `yaml:"name"`
	Parts []part `yaml:"time_intervals"`
}

type part struct {
	Years    []string `yaml:"years,omitempty,flow"`
	Months   []string `yaml:"months,omitempty,flow"`
	Days     []string `yaml:"days_of_month,omitempty,flow"`
	Times    []clock  `yaml:"times,omitempty"`
	Location string   `yaml:"location"`
}

type clock struct {
	From string `yaml:"start_time"`
	To   string `yaml:"end_time"`
}

// working lists the hours of a calendar as far as Alertmanager can say them. A union cannot take a holiday out of a week,
// so the days of each month are named, those with the same hours together: public holidays and make-up workdays are exact
// where the calendar knows them, and plain weeks where it does not.
func working(c *sla.Calendar, zone *time.Location) timeInterval {
	out := timeInterval{Name: c.Name()}
	for year := firstYear; year <= lastYear; year++ {
		for month := time.January; month <= time.December; month++ {
			out.Parts = append(out.Parts, monthParts(c, zone, year, month)...)
		}
	}
	return out
}

func monthParts(c *sla.Calendar, zone *time.Location, year int, month time.Month) []part {
	var shapes []string
	days := map[string][]int{}
	for day := time.Date(year, month, 1, 0, 0, 0, 0, zone); day.Month() == month; day = day.AddDate(0, 0, 1) {
		shape := hours(c, day)
		if shape == "" {
			continue
		}
		if days[shape] == nil {
			shapes = append(shapes, shape)
		}
		days[shape] = append(days[shape], day.Day())
	}
	var out []part
	for _, shape := range shapes {
		p := part{
			Years: []string{fmt.Sprint(year)}, Months: []string{fmt.Sprint(int(month))}, Days: ranges(days[shape]), Location: zone.String(),
		}
		for stretch := range strings.SplitSeq(shape, ",") {
			from, to, _ := strings.Cut(stretch, "-")
			p.Times = append(p.Times, clock{from, to})
		}
		out = append(out, p)
	}
	return out
}

// hours are the counted minutes of a day, as 09:00-12:00,13:30-18:00.
func hours(c *sla.Calendar, day time.Time) string {
	var list []string
	next := day.AddDate(0, 0, 1)
	for _, s := range sla.Segments(c, day, next, nil) {
		if s.State != sla.Counting {
			continue
		}
		to := s.To.In(day.Location()).Format("15:04")
		if s.To.Equal(next) {
			to = "24:00"
		}
		list = append(list, s.From.In(day.Location()).Format("15:04")+"-"+to)
	}
	return strings.Join(list, ",")
}

// ranges writes sorted days as 5:9.
func ranges(days []int) []string {
	var out []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		out = append(out, fmt.Sprintf("%d:%d", days[i], days[j]))
		i = j + 1
	}
	return slices.Clip(out)
}
