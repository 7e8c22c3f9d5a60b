package sla

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

//go:embed holidays/*.csv
var packs embed.FS

// Day is a date without a zone.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf is the date of an instant in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// Pack is the public holidays of a country or the days of an organisation: days of rest, and days that are worked
// although they fall on a weekend (调休). A pack that ships comes from the government's yearly notices, which are named
// in its file.
type Pack struct {
	rest, work map[Day]bool
	// closed and opened are the parts of a day that are not worked, or worked beside what the day has anyway.
	closed, opened map[Day][]Hours
	// years are those whose holidays are known; always says that all are.
	years  map[int]bool
	always bool
}

func newPack() *Pack {
	return &Pack{
		rest: map[Day]bool{}, work: map[Day]bool{}, years: map[int]bool{},
		closed: map[Day][]Hours{}, opened: map[Day][]Hours{},
	}
}

// PackNames lists the packs that ship with the product.
func PackNames() []string {
	entries, err := packs.ReadDir("holidays")
	if err != nil {
		return nil // the folder is part of the binary
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".csv"))
	}
	return names
}

// OpenPack reads a pack that ships with the product; "cn" is China, 2015 to 2026.
func OpenPack(name string) (*Pack, error) {
	f, err := packs.Open("holidays/" + name + ".csv")
	if err != nil {
		return nil, fmt.Errorf("holidays %q: no such pack", name)
	}
	defer f.Close()
	return readPack(f)
}

func readPack(f fs.File) (*Pack, error) {
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	p := newPack()
	for i, row := range rows[1:] {
		at, err := time.Parse(time.DateOnly, row[0])
		if err != nil {
			return nil, fmt.Errorf("read holidays, line %d: %w", i+2, err)
		}
		year, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fmt.Errorf("read holidays, line %d: %w", i+2, err)
		}
		p.years[year] = true
		switch row[1] {
		case "rest":
			p.rest[DayOf(at)] = true
		case "work":
			p.work[DayOf(at)] = true
		default:
			return nil, fmt.Errorf("read holidays, line %d: kind %q is neither rest nor work", i+2, row[1])
		}
	}
	return p, nil
}

// Knows says whether the year's holidays have been published.
func (p *Pack) Knows(year int) bool { return p.always || p.years[year] }

// LastYear is the last year without a gap before it whose holidays are known.
func (p *Pack) LastYear() int {
	last := lastYear
	for y := range p.years {
		last = min(last, y)
	}
	for p.years[last+1] {
		last++
	}
	return last
}

// put adds the days of another pack; where both speak of a day, the other one holds.
func (p *Pack) put(other *Pack) {
	for d := range other.rest {
		delete(p.work, d)
		p.rest[d] = true
	}
	for d := range other.work {
		delete(p.rest, d)
		p.work[d] = true
	}
	for d, hours := range other.closed {
		p.closed[d] = append(p.closed[d], hours...)
	}
	for d, hours := range other.opened {
		p.opened[d] = append(p.opened[d], hours...)
	}
}

// partly takes the closed parts of a day out of its hours and adds the opened ones.
func (p *Pack) partly(day Day, hours []Hours) []Hours {
	if p == nil || len(p.closed[day]) == 0 && len(p.opened[day]) == 0 {
		return hours
	}
	var marks [24*60 + 1]bool
	fill := func(list []Hours, worked bool) {
		for _, h := range list {
			for m := h.From; m < h.To; m++ {
				marks[m] = worked
			}
		}
	}
	fill(hours, true)
	fill(p.opened[day], true)
	fill(p.closed[day], false)
	var out []Hours
	for m := range 24 * 60 {
		switch {
		case !marks[m]:
		case m > 0 && marks[m-1]:
			out[len(out)-1].To = m + 1
		default:
			out = append(out, Hours{From: m, To: m + 1})
		}
	}
	return out
}
