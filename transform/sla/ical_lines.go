package sla

import (
	"regexp"
	"strings"
	"time"

	rrule "github.com/teambition/rrule-go"
)

// contentLine is the shape of an iCalendar line: name, parameters, value (RFC 5545, 3.1).
var contentLine = regexp.MustCompile(
	`^([A-Za-z0-9-]+)(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*:(.*)$`)

// splitICal cuts a file into its events, keeping the number of each line: the library that reads them knows none, and
// panics at a line that breaks off.
func splitICal(text []byte) ([]icalEvent, error) {
	var (
		events []icalEvent
		open   []string
		opened []int
		body   []string
		event  *icalEvent
		seen   bool
	)
	for _, l := range unfold(string(text)) {
		parts := contentLine.FindStringSubmatch(l.text)
		if parts == nil {
			return nil, Mistake{Line: l.line, What: "line that is no property", Remedy: "write NAME:value, and begin a continued line with a blank"}
		}
		name, value := strings.ToUpper(parts[1]), strings.ToUpper(strings.TrimSpace(parts[2]))
		if name == "BEGIN" {
			if len(open) == 0 && value != "VCALENDAR" {
				return nil, Mistake{Line: l.line, What: "BEGIN:" + value + " outside a calendar", Remedy: "an iCalendar file begins with BEGIN:VCALENDAR"}
			}
			open, opened, seen = append(open, value), append(opened, l.line), true
			if value == "VEVENT" && len(open) == 2 {
				event, body = &icalEvent{line: l.line, lines: map[string]int{}}, nil
			}
		}
		if len(open) == 0 {
			return nil, Mistake{Line: l.line, What: "text outside a calendar", Remedy: "an iCalendar file begins with BEGIN:VCALENDAR"}
		}
		if event != nil {
			body = append(body, l.text)
			if _, known := event.lines[name]; !known && len(open) == 2 {
				event.lines[name] = l.line
			}
		}
		if name != "END" {
			continue
		}
		if open[len(open)-1] != value {
			return nil, Mistake{Line: l.line, What: "END:" + value + " where END:" + open[len(open)-1] + " is due", Remedy: "close what was opened last"}
		}
		open, opened = open[:len(open)-1], opened[:len(opened)-1]
		if event != nil && len(open) == 1 {
			if err := event.decode(body); err != nil {
				return nil, err
			}
			events, event = append(events, *event), nil
		}
	}
	if len(open) > 0 {
		return nil, Mistake{Line: opened[len(opened)-1], What: "BEGIN:" + open[len(open)-1] + " without an end", Remedy: "the file is cut short: fetch it again"}
	}
	if !seen {
		return nil, Mistake{Line: 1, What: "no calendar", Remedy: "an iCalendar file begins with BEGIN:VCALENDAR"}
	}
	return events, nil
}

// numbered is a line of a file.
type numbered struct {
	text string
	line int
}

// unfold joins the lines that go on with a blank, and drops empty ones.
func unfold(text string) []numbered {
	var out []numbered
	n := 0
	for l := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		l = strings.TrimRight(l, "\r\n")
		if rest := strings.TrimLeft(l, " \t"); rest != l && len(out) > 0 {
			out[len(out)-1].text += l[1:]
			continue
		}
		if l != "" {
			out = append(out, numbered{l, n})
		}
	}
	return out
}

// expand lists the instants of a rule within the years that a calendar knows.
func (e icalEvent) expand(rule rrule.ROption) ([]time.Time, error) {
	if rule.Freq > rrule.DAILY {
		return nil, e.wrong("RRULE", "event that returns within a day", "a holiday returns every year: RRULE:FREQ=YEARLY")
	}
	made, err := rrule.NewRRule(rule)
	if err != nil {
		return nil, e.wrong("RRULE", "broken rule", "write one like RRULE:FREQ=YEARLY")
	}
	var out []time.Time
	for next := made.Iterator(); ; {
		at, more := next()
		if !more || at.Year() >= lastYear {
			return out, nil
		}
		if len(out) == mostOccurrences {
			return nil, e.wrong("RRULE", "event that returns too often", "a holiday returns every year: RRULE:FREQ=YEARLY")
		}
		out = append(out, at)
	}
}
