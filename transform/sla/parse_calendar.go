package sla

import (
	"errors"
	"fmt"
	"time"
)

func (f fileCalendar) calendar(name string, zone *time.Location) (*Calendar, error) {
	switch f.Kind {
	case "natural":
		return Natural(name), nil
	case "working":
	default:
		return nil, fmt.Errorf("kind %q is neither natural nor working", f.Kind)
	}
	w, err := f.week(name, zone)
	if err != nil {
		return nil, err
	}
	c := Working(w)
	if c.day == 0 || len(c.starts) == 0 {
		return nil, errors.New("has no working hours")
	}
	return c, nil
}

func (f fileCalendar) week(name string, zone *time.Location) (Week, error) {
	w := Week{Name: name, Zone: zone, ByWeekday: map[time.Weekday][]Hours{}, Exceptions: map[Day][]Hours{}}
	var err error
	if f.Zone != "" {
		if w.Zone, err = time.LoadLocation(f.Zone); err != nil {
			return Week{}, fmt.Errorf("zone %q is not known", f.Zone)
		}
	}
	if f.Holidays != "" {
		if w.Holidays, err = OpenPack(f.Holidays); err != nil {
			return Week{}, err
		}
	}
	for _, d := range f.Days {
		day, err := parseWeekday(d)
		if err != nil {
			return Week{}, err
		}
		w.Days = append(w.Days, day)
	}
	if w.Hours, err = parseHours(f.Hours); err != nil {
		return Week{}, err
	}
	for d, hours := range f.ByWeekday {
		day, err := parseWeekday(d)
		if err != nil {
			return Week{}, err
		}
		if w.ByWeekday[day], err = parseHours(hours); err != nil {
			return Week{}, err
		}
	}
	for d, hours := range f.Exceptions {
		date, err := time.Parse(time.DateOnly, d)
		if err != nil {
			return Week{}, fmt.Errorf("exception %q is not a date like 2026-10-01", d)
		}
		if w.Exceptions[DayOf(date)], err = parseHours(hours); err != nil {
			return Week{}, err
		}
	}
	return w, nil
}

func parseWeekday(s string) (time.Weekday, error) {
	names := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for i, name := range names {
		if s == name {
			return time.Weekday(i), nil
		}
	}
	return 0, fmt.Errorf("day %q is not one of %v", s, names)
}

// parseHours reads "09:00-12:00" and the like; they must be in order and must not overlap.
func parseHours(list []string) ([]Hours, error) {
	var out []Hours
	last := 0
	for _, s := range list {
		var fh, fm, th, tm int
		if n, err := fmt.Sscanf(s, "%2d:%2d-%2d:%2d", &fh, &fm, &th, &tm); n != 4 || err != nil {
			return nil, fmt.Errorf("hours %q are not like 09:00-12:00", s)
		}
		h := Hours{From: fh*60 + fm, To: th*60 + tm}
		if fm > 59 || tm > 59 || h.From < last || h.To <= h.From || h.To > 24*60 {
			return nil, fmt.Errorf("hours %q are out of order or no interval of a day", s)
		}
		last = h.To
		out = append(out, h)
	}
	return out, nil
}
