package sla

import (
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// fileCalendar is a calendar as it is written.
type fileCalendar struct {
	name       word
	kind, zone word
	holidays   []filePack
	days       []word
	hours      []word
	byWeekday  []fileHours
	exceptions []fileHours
	working    int // line of the first key that only a working calendar has
}

// filePack names a source of holidays: one that ships, or an iCalendar file.
type filePack struct {
	pack, ical word
	years      []word
}

// fileHours are the hours of a weekday or a date.
type fileHours struct {
	key   word
	hours []word
}

func (r *reader) calendar(name word, n ast.Node) fileCalendar {
	f := fileCalendar{name: name}
	if r.absent(n) {
		return f
	}
	working := func(read func(ast.Node)) func(ast.Node) {
		return func(n ast.Node) {
			if f.working == 0 {
				f.working = line(n)
			}
			read(n)
		}
	}
	hours := func(to *[]fileHours, what string) func(ast.Node) {
		return working(r.dict(what, func(key word, value ast.Node) {
			h := fileHours{key: key}
			r.words(&h.hours, what)(value)
			*to = append(*to, h)
		}))
	}
	r.object(n, "calendar", fields{
		"kind": r.word(&f.kind, "kind"), "zone": working(r.word(&f.zone, "zone")),
		"holidays": working(r.list(func(n ast.Node) { f.holidays = append(f.holidays, r.pack(n)) })),
		"days":     working(r.words(&f.days, "days")), "hours": working(r.words(&f.hours, "hours")),
		"by_weekday": hours(&f.byWeekday, "by_weekday"), "exceptions": hours(&f.exceptions, "exceptions"),
	})
	return f
}

func (r *reader) pack(n ast.Node) filePack {
	var f filePack
	switch r.bare(n).(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		r.object(n, "holidays", fields{
			"pack": r.word(&f.pack, "pack"), "ical": r.word(&f.ical, "ical"), "years": r.words(&f.years, "years"),
		})
		if (f.pack.line == 0) == (f.ical.line == 0) {
			r.wrong(line(n), "name either a pack or an ical file", "holidays without one source")
		}
	default:
		r.word(&f.pack, "holidays")(n)
	}
	return f
}

// calendar checks a calendar and makes it; nil when it is wrong.
func (f *file) calendar(r *reader, c fileCalendar, zone *time.Location) *Calendar {
	kinds := []string{"natural", "working"}
	if c.kind.line == 0 {
		r.wrong(c.name.line, "add kind: working or kind: natural", "calendar %q without kind", c.name.text)
		return Natural(c.name.text)
	}
	if !r.oneOf(c.kind, c.kind.line-1, "kind", kinds) {
		return Natural(c.name.text)
	}
	if c.kind.text == "natural" {
		if c.working > 0 {
			r.wrong(c.working, "drop it, or write kind: working", "natural calendar %q with hours, days or holidays", c.name.text)
		}
		return Natural(c.name.text)
	}
	before := len(r.mistakes)
	w := f.week(r, c, zone)
	if len(r.mistakes) > before {
		return Natural(c.name.text) // so that the rules that name it are no mistakes as well
	}
	switch made := Working(w); {
	case made.day == 0:
		r.wrong(c.name.line, "add hours such as [\"09:00-18:00\"]; they are also what 1wd means", "calendar %q without hours", c.name.text)
	case len(made.starts) == 0:
		r.wrong(c.name.line, "add days such as [mon, tue, wed, thu, fri]", "calendar %q without a day that is worked", c.name.text)
	default:
		return made
	}
	return Natural(c.name.text)
}

func (f *file) week(r *reader, c fileCalendar, zone *time.Location) Week {
	w := Week{
		Name: c.name.text, Zone: r.location(c.zone, zone), ByWeekday: map[time.Weekday][]Hours{}, Exceptions: map[Day][]Hours{},
	}
	for _, d := range c.days {
		if day, ok := r.weekday(d); ok {
			w.Days = append(w.Days, day)
		}
	}
	w.Hours = r.hours(c.hours)
	for _, h := range c.byWeekday {
		day, ok := r.weekday(h.key)
		if !ok {
			continue
		}
		w.ByWeekday[day] = r.hours(h.hours)
		if !slices.Contains(w.Days, day) && len(h.hours) > 0 {
			w.Days = append(w.Days, day)
		}
	}
	for _, h := range c.exceptions {
		date, err := time.Parse(time.DateOnly, h.key.text)
		if err != nil {
			r.wrong(h.key.line, "write a date like 2026-10-01", "exception %q is no date", h.key.text)
			continue
		}
		w.Exceptions[DayOf(date)] = r.hours(h.hours)
	}
	w.Holidays = f.packs(r, c, w.Zone)
	return w
}

// packs lays the sources of holidays over each other, the later over the earlier. A file beside others adds days, not
// years: it may be the days of one organisation only, unless the policy says which years it completes.
func (f *file) packs(r *reader, c fileCalendar, zone *time.Location) *Pack {
	if len(c.holidays) == 0 {
		return nil
	}
	all := newPack()
	for _, source := range c.holidays {
		var p *Pack
		switch {
		case source.ical.line > 0:
			p = f.icalPack(r, source.ical, zone)
		case source.pack.line > 0 && r.oneOf(source.pack, source.pack.line-1, "holidays", PackNames()):
			p, _ = OpenPack(source.pack.text)
		}
		if p == nil {
			continue
		}
		all.put(p)
		if source.ical.line == 0 || len(c.holidays) == 1 && len(source.years) == 0 {
			for y := range p.years {
				all.years[y] = true
			}
			all.always = all.always || p.always
		}
		for _, y := range source.years {
			year, err := time.Parse("2006", y.text)
			if err != nil {
				r.wrong(y.line, "write a year like 2027", "years: %q is no year", y.text)
				continue
			}
			all.years[year.Year()] = true
		}
	}
	return all
}

func (f *file) icalPack(r *reader, name word, zone *time.Location) *Pack {
	content, ok := f.files[name.text]
	if !ok {
		r.wrong(name.line, "put its content under files", "unknown iCalendar file %q", name.text)
		return nil
	}
	p, err := readICal([]byte(content.text), zone)
	if err != nil {
		r.wrong(name.line, "", "broken iCalendar file %q (%s), named", name.text, err)
		return nil
	}
	return p
}

func (r *reader) weekday(w word) (time.Weekday, bool) {
	names := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	i := slices.Index(names, w.text)
	if i < 0 {
		r.wrong(w.line, remedy(w.text, names), "unknown weekday %q", w.text)
	}
	return time.Weekday(i), i >= 0
}

// hours reads "09:00-12:00" and the like; they must be in order and must not overlap.
func (r *reader) hours(list []word) []Hours {
	var out []Hours
	last := 0
	for _, w := range list {
		var fh, fm, th, tm int
		var rest string
		if n, _ := fmt.Sscanf(w.text, "%2d:%2d-%2d:%2d%s", &fh, &fm, &th, &tm, &rest); n != 4 {
			r.wrong(w.line, "write them like 09:00-12:00", "hours %q are no interval", w.text)
			continue
		}
		h := Hours{From: fh*60 + fm, To: th*60 + tm}
		if fm > 59 || tm > 59 || h.From < last || h.To <= h.From || h.To > 24*60 {
			r.wrong(w.line, "a night is two intervals: 00:00-06:00 and 22:00-24:00", "hours %q overlap, are out of order or no part of a day", w.text)
			continue
		}
		last = h.To
		out = append(out, h)
	}
	return out
}
