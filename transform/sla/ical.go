package sla

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	ical "github.com/emersion/go-ical"
)

// mostOccurrences bounds how often one event of an iCalendar file may return.
const mostOccurrences = 20_000

// kindOfDay is what an event of an iCalendar file says about its days.
type kindOfDay int

const (
	unmarked kindOfDay = iota
	dayOff
	dayWorked
)

// icalEvent is an event with the line at which it begins and those of its properties.
type icalEvent struct {
	ical.Event
	line  int
	lines map[string]int
}

// readICal makes a pack of the events of an iCalendar file. Days of rest are its events; where any event is marked as one
// (休), those that carry no mark are observances and count for nothing. An event marked 班 is a day that is worked. An
// event with times closes, or opens, that part of the day. Times without a zone are the calendar's.
func readICal(text []byte, zone *time.Location) (*Pack, error) {
	events, err := splitICal(text)
	if err != nil {
		return nil, err
	}
	marks := false
	moved := map[string][]time.Time{}
	for _, e := range events {
		marks = marks || e.mark() == dayOff
		if e.Props.Get(ical.PropRecurrenceID) != nil {
			at, _, err := e.instant(ical.PropRecurrenceID, zone)
			if err != nil {
				return nil, err
			}
			uid := e.text(ical.PropUID)
			moved[uid] = append(moved[uid], at)
		}
	}
	p := newPack()
	endless := false
	for _, e := range events {
		kind := e.mark()
		if strings.EqualFold(e.text(ical.PropStatus), string(ical.EventCancelled)) || kind == unmarked && marks {
			continue
		}
		var not []time.Time
		if e.Props.Get(ical.PropRecurrenceID) == nil {
			not = moved[e.text(ical.PropUID)]
		}
		forever, err := e.put(p, kind != dayWorked, not, zone)
		if err != nil {
			return nil, err
		}
		endless = endless || forever
	}
	p.always = endless && len(p.years) == 0
	return p, nil
}

// put adds all occurrences of the event to the pack and says whether it returns for ever; then it tells nothing about
// which years the file covers.
func (e icalEvent) put(p *Pack, rest bool, not []time.Time, zone *time.Location) (forever bool, err error) {
	start, wholeDays, err := e.instant(ical.PropDateTimeStart, zone)
	if err != nil {
		return false, err
	}
	end, err := e.end(start, wholeDays, zone)
	if err != nil {
		return false, err
	}
	starts, forever, err := e.occurrences(start, zone)
	if err != nil {
		return false, err
	}
	length := end.Sub(start)
	for _, at := range starts {
		if slices.ContainsFunc(not, at.Equal) {
			continue
		}
		if !forever {
			p.years[at.Year()] = true
		}
		if wholeDays {
			for d := at; d.Before(at.Add(length)); d = d.AddDate(0, 0, 1) {
				p.day(DayOf(d), rest)
			}
			continue
		}
		p.hours(at.In(zone), at.Add(length).In(zone), rest)
	}
	return forever, nil
}

func (p *Pack) day(d Day, rest bool) {
	if rest {
		if !p.work[d] { // a day that is worked inside a longer holiday is worked
			p.rest[d] = true
		}
		return
	}
	delete(p.rest, d)
	p.work[d] = true
}

// hours notes a part of a day, or of several, by the wall clock.
func (p *Pack) hours(from, to time.Time, rest bool) {
	for at := from; at.Before(to); {
		y, m, d := at.Date()
		midnight := time.Date(y, m, d+1, 0, 0, 0, 0, at.Location())
		h := Hours{From: at.Hour()*60 + at.Minute(), To: 24 * 60}
		if to.Before(midnight) {
			h.To = to.Hour()*60 + to.Minute()
		}
		switch day := DayOf(at); {
		case h.To <= h.From:
		case rest && h.From == 0 && h.To == 24*60:
			p.day(day, true)
		case rest:
			p.closed[day] = append(p.closed[day], h)
		default:
			p.opened[day] = append(p.opened[day], h)
		}
		at = midnight
	}
}

// occurrences are the beginnings of the event: one, or those of its rule and its further dates.
func (e icalEvent) occurrences(start time.Time, zone *time.Location) (out []time.Time, forever bool, err error) {
	out = []time.Time{start}
	rule, err := e.Props.RecurrenceRule()
	if err != nil {
		return nil, false, e.wrong(ical.PropRecurrenceRule, "broken rule", "write one like RRULE:FREQ=YEARLY")
	}
	if rule != nil {
		rule.Dtstart = start
		forever = rule.Count == 0 && rule.Until.IsZero()
		if out, err = e.expand(*rule); err != nil {
			return nil, false, err
		}
	}
	more, err := e.dates("RDATE", zone)
	if err != nil {
		return nil, false, err
	}
	not, err := e.dates(ical.PropExceptionDates, zone)
	if err != nil {
		return nil, false, err
	}
	out = append(out, more...)
	return slices.DeleteFunc(out, func(t time.Time) bool { return slices.ContainsFunc(not, t.Equal) }), forever, nil
}

// dates reads a property that may hold several instants and may stand several times.
func (e icalEvent) dates(name string, zone *time.Location) (out []time.Time, err error) {
	for _, p := range e.Props[name] {
		for v := range strings.SplitSeq(p.Value, ",") {
			one := p
			one.Value = v
			at, _, err := e.read(one, zone)
			if err != nil {
				return nil, err
			}
			out = append(out, at)
		}
	}
	return out, nil
}

// end is the exclusive end: DTEND, DURATION, or a day for a date and nothing for an instant.
func (e icalEvent) end(start time.Time, wholeDays bool, zone *time.Location) (time.Time, error) {
	end := start
	if wholeDays {
		end = start.AddDate(0, 0, 1)
	}
	name := ical.PropDateTimeEnd
	switch {
	case e.Props.Get(name) != nil:
		at, days, err := e.instant(name, zone)
		if err != nil {
			return time.Time{}, err
		}
		if days != wholeDays {
			return time.Time{}, e.wrong(name, "one of DTSTART and DTEND has a time, the other none", "give both a time, or neither")
		}
		end = at
		if wholeDays && end.Equal(start) {
			end = start.AddDate(0, 0, 1) // some programs write the last day instead of the day after it
		}
	case e.Props.Get(ical.PropDuration) != nil:
		name = ical.PropDuration
		length, err := e.Props.Get(name).Duration()
		if err != nil {
			return time.Time{}, e.wrong(name, "broken duration", "write one like DURATION:P3D")
		}
		end = start.Add(length)
	}
	if end.Before(start) || end.Sub(start) > 366*24*time.Hour {
		return time.Time{}, e.wrong(name, "event that ends before it begins or lasts longer than a year", "DTEND is the day after the last one")
	}
	return end, nil
}

func (e icalEvent) instant(name string, zone *time.Location) (at time.Time, wholeDays bool, err error) {
	p := e.Props.Get(name)
	if p == nil {
		return time.Time{}, false, e.wrong(name, "event without "+name, "add one like "+name+";VALUE=DATE:20261001")
	}
	return e.read(*p, zone)
}

// read is an instant, or the midnight of a date in UTC.
func (e icalEvent) read(p ical.Prop, zone *time.Location) (at time.Time, wholeDays bool, err error) {
	p.Value = strings.TrimSpace(p.Value)
	wholeDays = len(p.Value) == len("20060102")
	if wholeDays {
		p.SetValueType(ical.ValueDate)
		zone = time.UTC
	} else if strings.EqualFold(p.Params.Get(ical.ParamValue), string(ical.ValueDate)) {
		return time.Time{}, false, e.wrong(p.Name, fmt.Sprintf("%q is no date", p.Value), "write it like 20261001")
	}
	if id := p.Params.Get(ical.ParamTimezoneID); id != "" && !wholeDays {
		if _, err := time.LoadLocation(id); err != nil {
			return time.Time{}, false, e.wrong(p.Name, fmt.Sprintf("unknown zone %q", id), "write a name of the IANA list such as TZID=Asia/Shanghai")
		}
	}
	if at, err = p.DateTime(zone); err != nil {
		return time.Time{}, false, e.wrong(p.Name, fmt.Sprintf("%q is no date", p.Value), "write it like "+p.Name+";VALUE=DATE:20261001")
	}
	return at, wholeDays, nil
}

var (
	workMark = regexp.MustCompile(`[（(【\[]\s*班\s*[）)】\]]|补班`)
	restMark = regexp.MustCompile(`[（(【\[]\s*休\s*[）)】\]]|放假`)
)

// mark finds what the event is marked as: by Apple's X-APPLE-SPECIAL-DAY, by a category, or in its title.
func (e icalEvent) mark() kindOfDay {
	switch strings.ToUpper(e.text("X-APPLE-SPECIAL-DAY")) {
	case "ALTERNATE-WORKDAY":
		return dayWorked
	case "WORK-HOLIDAY":
		return dayOff
	}
	for category := range strings.SplitSeq(e.text(ical.PropCategories), ",") {
		switch strings.ToLower(strings.TrimSpace(category)) {
		case "班", "补班", "workday":
			return dayWorked
		case "休", "放假", "holiday":
			return dayOff
		}
	}
	title := e.text(ical.PropSummary)
	switch {
	case title == "班" || workMark.MatchString(title):
		return dayWorked
	case title == "休" || restMark.MatchString(title):
		return dayOff
	}
	return unmarked
}

func (e icalEvent) text(name string) string {
	var all []string
	for _, p := range e.Props[name] {
		all = append(all, strings.TrimSpace(p.Value))
	}
	return strings.Join(all, ",")
}

func (e icalEvent) wrong(property, what, remedy string) error {
	line := e.line
	if at, ok := e.lines[property]; ok {
		line = at
	}
	return Mistake{Line: line, What: what, Remedy: remedy}
}

// decode gives the event to the library; its form has been checked.
func (e *icalEvent) decode(lines []string) error {
	text := "BEGIN:VCALENDAR\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
	cal, err := ical.NewDecoder(bytes.NewReader([]byte(text))).Decode()
	if err != nil {
		return Mistake{Line: e.line, What: "broken event", Remedy: err.Error()}
	}
	e.Event = cal.Events()[0]
	return nil
}
