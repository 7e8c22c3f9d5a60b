package kpi_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/kpi"
)

// Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
// Statistics in Medicine 17 (1998), table II, method 10.
func TestDifferencesAgreeWithNewcombe(t *testing.T) {
	for _, tt := range []struct {
		a, m, b, n int64
		low, high  float64
	}{
		{56, 70, 48, 80, .0524, .3339},
		{9, 10, 3, 10, .1705, .8090},
		{6, 7, 2, 7, .0582, .8062},
		{5, 56, 0, 29, -.0381, .1926},
		{0, 10, 0, 20, -.1611, .2775},
		{10, 10, 0, 20, .6791, 1},
	} {
		got := kpi.Newcombe(kpi.Ratio{Numerator: tt.a, Denominator: tt.m}, kpi.Ratio{Numerator: tt.b, Denominator: tt.n})
		if math.Abs(got[0]-tt.low) > 5e-5 || math.Abs(got[1]-tt.high) > 5e-5 {
			t.Errorf("%d/%d − %d/%d: %.4f, want [%.4f %.4f]", tt.a, tt.m, tt.b, tt.n, got, tt.low, tt.high)
		}
	}
}

func TestDifferencesAreBounded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) kpi.Ratio {
			n := rapid.Int64Range(1, 10_000_000).Draw(rt, name)
			return kpi.Ratio{Numerator: rapid.Int64Range(0, n).Draw(rt, name), Denominator: n}
		}
		a, b := draw("a"), draw("b")
		got, back := kpi.Newcombe(a, b), kpi.Newcombe(b, a)
		d := float64(a.Numerator)/float64(a.Denominator) - float64(b.Numerator)/float64(b.Denominator)
		if got[0] < -1-1e-12 || got[1] > 1+1e-12 || got[0] > d || got[1] < d || math.Abs(got[0]+back[1]) > 1e-12 {
			rt.Fatalf("%v, %v", got, back)
		}
	})
}

func TestDifferences(t *testing.T) {
	higher, _ := kpi.Lookup("response_on_time")
	lower, _ := kpi.Lookup("escalation")
	duration, _ := kpi.Lookup("handling_time")
	count, _ := kpi.Lookup("backlog")
	rate := func(a, n int64) kpi.Value { return kpi.Rate(a, n, 0, 30, false) }
	seconds := func(s float64) kpi.Value { return kpi.Value{Value: &s, N: 50, State: kpi.OK} }
	for name, tt := range map[string]struct {
		entry     kpi.Entry
		now, then kpi.Value
		want      kpi.Verdict
		change    float64
		spread    bool
	}{
		"more of what should rise":       {higher, rate(990, 1000), rate(900, 1000), kpi.Better, .09, true},
		"less of what should rise":       {higher, rate(900, 1000), rate(990, 1000), kpi.Worse, -.09, true},
		"more of what should fall":       {lower, rate(50, 1000), rate(10, 1000), kpi.Worse, .04, true},
		"less of what should fall":       {lower, rate(10, 1000), rate(50, 1000), kpi.Better, -.04, true},
		"the same rates of few are luck": {higher, rate(36, 40), rate(33, 40), kpi.Noise, .075, true},
		"no difference is none":          {higher, rate(36, 40), rate(36, 40), kpi.Noise, 0, true},
		"n below the minimum now":        {higher, rate(29, 29), rate(500, 1000), kpi.TooFew, .5, true},
		"n below the minimum then":       {higher, rate(500, 1000), rate(29, 29), kpi.TooFew, -.5, true},
		"a young cohort": {
			higher, kpi.Rate(500, 1000, 9, 30, true), rate(900, 1000), kpi.TooFew, -.4, true,
		},
		"nothing then": {higher, rate(500, 1000), rate(0, 0), kpi.TooFew, math.NaN(), false},
		"a duration":   {duration, seconds(60), seconds(90), kpi.Unjudged, -30, false},
		"a count":      {count, kpi.Count(9), kpi.Count(4), kpi.Unjudged, 5, false},
		"not reached":  {duration, kpi.Value{N: 40, State: kpi.NotReached}, seconds(9), kpi.TooFew, math.NaN(), false},
		"intervals that overlap although the difference is real": {
			higher, rate(870, 1000), rate(835, 1000), kpi.Better, .035, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := kpi.Differ(tt.entry, tt.now, tt.then)
			if got.Verdict != tt.want || (got.Spread != nil) != tt.spread || (got.Change == nil) != math.IsNaN(tt.change) {
				t.Fatalf("%+v, want %s", got, tt.want)
			}
			if got.Change != nil && math.Abs(*got.Change-tt.change) > 1e-9 {
				t.Errorf("change %v, want %v", *got.Change, tt.change)
			}
		})
	}
}

func TestGoals(t *testing.T) {
	value := func(v float64, s kpi.State) *kpi.Value { return &kpi.Value{Value: &v, N: 40, State: s} }
	change := func(v float64, unit kpi.Unit) kpi.Entry {
		return kpi.Entry{Unit: unit, Target: kpi.Target{Value: v, OnBaseline: true}}
	}
	ofTime := kpi.Entry{Unit: kpi.UnitRate, Target: kpi.Target{Value: -.6, OnBaseline: true, Figure: "time"}}
	withTime := value(.9, kpi.OK)
	withTime.More = map[string]kpi.Value{"time": *value(36000, kpi.OK)}
	for name, tt := range map[string]struct {
		entry    kpi.Entry
		baseline *kpi.Value
		want     float64
		ok       bool
	}{
		"an absolute target needs no baseline":      {kpi.Entry{Target: kpi.Target{Value: .98}}, nil, .98, true},
		"a direction is no number":                  {kpi.Entry{Target: kpi.Target{None: true}}, value(.5, kpi.OK), 0, false},
		"half the time of the baseline":             {change(-.5, kpi.UnitDuration), value(7200, kpi.OK), 3600, true},
		"a quarter less of a rate":                  {change(-.25, kpi.UnitRate), value(.08, kpi.OK), .06, true},
		"three tenths more":                         {change(.3, kpi.UnitRate), value(.6, kpi.OK), .78, true},
		"no more than all":                          {change(.3, kpi.UnitRate), value(.9, kpi.OK), 1, true},
		"no baseline declared":                      {change(.3, kpi.UnitRate), nil, 0, false},
		"a baseline of few is none":                 {change(.3, kpi.UnitRate), value(.6, kpi.Insufficient), 0, false},
		"a baseline without a value":                {change(.3, kpi.UnitRate), &kpi.Value{State: kpi.OK}, 0, false},
		"a target on time is none on the rate":      {ofTime, value(.9, kpi.OK), 0, false},
		"a target on time where the time is known":  {ofTime, withTime, 14400, true},
		"a baseline of half an hour, thirty longer": {change(.3, kpi.UnitDuration), value(1800, kpi.OK), 2340, true},
	} {
		if got, ok := tt.entry.Goal(tt.baseline); ok != tt.ok || math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: %v %v, want %v %v", name, got, ok, tt.want, tt.ok)
		}
	}
}

func TestComparisonAsJSON(t *testing.T) {
	e, _ := kpi.Lookup("repeat")
	at := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	periods := map[kpi.Reference]kpi.Period{kpi.Previous: {From: at(4), To: at(5)}, kpi.LastYear: {}, kpi.Baseline: {From: at(1), To: at(4)}}
	then := map[kpi.Reference]kpi.Value{kpi.Previous: kpi.Rate(2, 40, 0, 30, false), kpi.Baseline: kpi.Rate(12, 100, 0, 30, false)}
	raw, err := json.Marshal(kpi.Compare(e, kpi.Rate(4, 40, 0, 30, false), periods, then))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	compare := got["compare"].(map[string]any)
	previous := compare["previous"].(map[string]any)
	for name, c := range map[string][2]any{
		"value now": {got["value"], .1}, "value then": {previous["value"], .05}, "n then": {previous["n"], 40.},
		"from": {previous["from"], "2026-04-01T00:00:00Z"}, "difference": {previous["difference"], .05},
		"verdict": {previous["verdict"], "noise"}, "what is not known": {compare["last_year"], nil}, "target": {compare["target"], .09},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %v, want %v in %s", name, c[0], c[1], raw)
		}
	}
	if _, ok := previous["difference_interval"].([]any); !ok {
		t.Errorf("no interval of the difference in %s", raw)
	}
}
