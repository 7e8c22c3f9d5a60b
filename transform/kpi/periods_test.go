package kpi_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/kpi"
)

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestPeriodsToCompareWith(t *testing.T) {
	for name, tt := range map[string]struct{ zone, from, to, previous, lastYear string }{
		"a month, after a shorter one":         {"", "2026-03-01", "2026-04-01", "2026-02-01", "2025-03-01 2025-04-01"},
		"January, after December":              {"", "2026-01-01", "2026-02-01", "2025-12-01", "2025-01-01 2025-02-01"},
		"February after a leap year":           {"", "2025-02-01", "2025-03-01", "2025-01-01", "2024-02-01 2024-03-01"},
		"February of a leap year":              {"", "2024-02-01", "2024-03-01", "2024-01-01", "2023-02-01 2023-03-01"},
		"a quarter, of fewer days than before": {"", "2026-01-01", "2026-04-01", "2025-10-01", "2025-01-01 2025-04-01"},
		"three months that are no quarter":     {"", "2026-03-01", "2026-06-01", "2025-11-29", "2025-03-01 2025-06-01"},
		"a half-year is any other range":       {"", "2026-07-01", "2027-01-01", "2025-12-29", "2025-07-01 2026-01-01"},
		"a year is any other range":            {"", "2025-01-01", "2026-01-01", "2024-01-02", "2024-01-01 2025-01-01"},
		"a week from Monday":                   {"", "2026-06-01", "2026-06-08", "2026-05-25", "2025-06-02 2025-06-09"},
		"the first week of an ISO year":        {"", "2025-12-29", "2026-01-05", "2025-12-22", "2024-12-30 2025-01-06"},
		"week 53":                              {"", "2026-12-28", "2027-01-04", "2026-12-21", "2025-12-29 2026-01-05"},
		"seven days from Tuesday are dates":    {"", "2026-06-02", "2026-06-09", "2026-05-26", "2025-06-02 2025-06-09"},
		"two weeks are dates":                  {"", "2026-06-01", "2026-06-15", "2026-05-18", "2025-06-01 2025-06-15"},
		"a day":                                {"", "2026-03-10", "2026-03-11", "2026-03-09", "2025-03-10 2025-03-11"},
		"29 February":                          {"", "2024-02-29", "2024-03-01", "2024-02-28", "2023-02-28 2023-03-01"},
		"the day after 28 February, leap":      {"", "2025-02-28", "2025-03-01", "2025-02-27", "2024-02-28 2024-03-01"},
		"until 29 February":                    {"", "2024-02-10", "2024-02-29", "2024-01-22", "2023-02-10 2023-03-01"},
		"from 29 February":                     {"", "2024-02-29", "2024-03-10", "2024-02-19", "2023-02-28 2023-03-10"},
		"hours keep their length": {
			"", "2026-03-10T01:00", "2026-03-10T04:30", "2026-03-09T21:30", "2025-03-10T01:00 2025-03-10T04:30",
		},
		"hours of 29 February": {
			"", "2024-02-28T06:00", "2024-02-29T06:00", "2024-02-27T06:00", "2023-02-28T06:00 2023-03-01T06:00",
		},
		"hours across 29 February": {
			"", "2024-02-28T06:00", "2024-03-01T06:00", "2024-02-26T06:00", "2023-02-28T06:00 2023-03-02T06:00",
		},
		"a week in which clocks go forward": {
			"Europe/Berlin", "2026-03-23", "2026-03-30", "2026-03-16", "2025-03-24 2025-03-31",
		},
		"days around the change of clocks": {
			"Europe/Berlin", "2026-03-28", "2026-03-31", "2026-03-25", "2025-03-28 2025-03-31",
		},
		"the month in which clocks go back": {
			"America/New_York", "2026-11-01", "2026-12-01", "2026-10-01", "2025-11-01 2025-12-01",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.zone == "" {
				tt.zone = "Asia/Shanghai"
			}
			zone := location(t, tt.zone)
			at := func(s string) time.Time {
				layout := "2006-01-02T15:04"[:min(len(s), 16)]
				got, err := time.ParseInLocation(layout, s, zone)
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			p := kpi.Period{From: at(tt.from).UTC(), To: at(tt.to).UTC()} // whatever the zone the period is told in
			if got := p.Previous(zone); !got.From.Equal(at(tt.previous)) || !got.To.Equal(p.From) || got.From.Location() != zone {
				t.Errorf("previous is %s until %s, want from %s", got.From, got.To, tt.previous)
			}
			half := len(tt.lastYear) / 2
			if got := p.LastYear(zone); !got.From.Equal(at(tt.lastYear[:half])) || !got.To.Equal(at(tt.lastYear[half+1:])) {
				t.Errorf("last year is %s until %s, want %s", got.From, got.To, tt.lastYear)
			}
		})
	}
}

func TestAPeriodToCompareWithIsNeverEmpty(t *testing.T) {
	zones := []*time.Location{location(t, "Asia/Shanghai"), location(t, "Europe/Berlin"), location(t, "America/Sao_Paulo"), time.UTC}
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(rt, "zone")
		day := rapid.IntRange(0, 40*365).Draw(rt, "day")
		from := time.Date(1990, 1, 1+day, rapid.SampledFrom([]int{0, 0, 0, 7}).Draw(rt, "hour"), 0, 0, 0, zone)
		to := from.AddDate(0, rapid.IntRange(0, 14).Draw(rt, "months"), rapid.IntRange(0, 40).Draw(rt, "days")).Add(time.Duration(rapid.SampledFrom([]int{0, 0, 5}).Draw(rt, "hours")) * time.Hour)
		if !from.Before(to) {
			return
		}
		p := kpi.Period{From: from, To: to}
		for name, other := range map[string]kpi.Period{"previous": p.Previous(zone), "last year": p.LastYear(zone)} {
			length, was := p.To.Sub(p.From), other.To.Sub(other.From)
			if !other.From.Before(other.To) || (length-was).Abs() > 4*24*time.Hour {
				rt.Errorf("%s of %s until %s is %s until %s", name, p.From, p.To, other.From, other.To)
			}
		}
	})
}

func TestReferences(t *testing.T) {
	zone := location(t, "Asia/Shanghai")
	at := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, zone) }
	p := kpi.Period{From: at(5), To: at(6)}
	if got := p.References(kpi.Period{}, zone); len(got) != 2 || got[kpi.Previous] != p.Previous(zone) || got[kpi.LastYear] != p.LastYear(zone) {
		t.Errorf("without a baseline: %v", got)
	}
	base := kpi.Period{From: at(1).UTC(), To: at(4).UTC()}
	if got := p.References(base, zone)[kpi.Baseline]; !got.From.Equal(at(1)) || !got.To.Equal(at(4)) || got.From.Location() != zone {
		t.Errorf("baseline %v", got)
	}
}
