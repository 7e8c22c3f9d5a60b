package sla

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"strconv"
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

// Pack is the public holidays of a country: days of rest, and days that are worked although they fall on a weekend
// (调休). It comes from the government's yearly notices, which are named in its file.
type Pack struct {
	rest, work map[Day]bool
	years      map[int]bool
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
	p := &Pack{rest: map[Day]bool{}, work: map[Day]bool{}, years: map[int]bool{}}
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
func (p *Pack) Knows(year int) bool { return p.years[year] }

// LastYear is the last year without a gap before it whose holidays are known.
func (p *Pack) LastYear() int {
	last := 0
	for y := range p.years {
		last = max(last, y)
	}
	return last
}
