package sla

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestChinesePack holds the shipped data against figures taken from the notices: per year of the notice the days of rest,
// the make-up days, and the days of the year (from 0) of the former less those of the latter, which a moved day changes.
func TestChinesePack(t *testing.T) {
	want := map[int][3]int{
		2015: {26, 5, 3314},
		2016: {24, 6, 2749},
		2017: {24, 5, 2693},
		2018: {23, 6, 2492},
		2019: {24, 7, 2322},
		2020: {30, 7, 2898},
		2021: {31, 7, 3270},
		2022: {31, 7, 3323},
		2023: {27, 7, 2544},
		2024: {28, 8, 2883},
		2025: {28, 5, 3069},
		2026: {33, 6, 3805},
	}
	f, err := packs.Open("holidays/cn.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got, notices, seen := map[int][3]int{}, map[int]string{}, map[string]bool{}
	for _, row := range rows[1:] {
		date, err := time.Parse(time.DateOnly, row[0])
		if err != nil {
			t.Fatal(err)
		}
		if seen[row[0]] {
			t.Errorf("%s stands twice", row[0])
		}
		seen[row[0]] = true
		year, err := strconv.Atoi(row[3])
		if err != nil {
			t.Fatal(err)
		}
		day := int(date.Sub(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
		g := got[year]
		if row[1] == "rest" {
			g[0]++
			g[2] += day
		} else {
			g[1]++
			g[2] -= day
		}
		got[year] = g
		if row[2] == "" || !strings.Contains(row[4], "://www.gov.cn/zhengce/") {
			t.Errorf("%s has no name or no notice: %v", row[0], row)
		}
		if notices[year] == "" {
			notices[year] = row[4]
		}
		if notices[year] != row[4] {
			t.Errorf("%s comes from another notice than the rest of %d", row[0], year)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d years, want %d", len(got), len(want))
	}
	for year, w := range want {
		if got[year] != w {
			t.Errorf("%d: %v, want %v", year, got[year], w)
		}
	}
}

func TestKnownYears(t *testing.T) {
	p, err := OpenPack("cn")
	if err != nil {
		t.Fatal(err)
	}
	if !p.Knows(2015) || !p.Knows(2026) || p.Knows(2014) || p.Knows(2027) || p.LastYear() != 2026 {
		t.Errorf("the pack ends with %d", p.LastYear())
	}
	p.years[2028] = true
	if p.LastYear() != 2026 {
		t.Errorf("with a gap it ends with %d", p.LastYear())
	}
}
