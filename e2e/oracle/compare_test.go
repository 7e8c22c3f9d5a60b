package oracle

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"wenguo/transform/kpi"
)

// tolerance is relative: both sides add up floating numbers in an order of their own.
const tolerance = 1e-9

// differences lists where a figure of the product is not what it should be, and how many numbers were compared.
func differences(path string, got, want kpi.Value) (found []string, compared int) {
	say := func(field string, g, w any) {
		found = append(found, fmt.Sprintf("%s.%s: got %v, want %v", path, field, g, w))
	}
	whole := func(field string, g, w int64) {
		compared++
		if g != w {
			say(field, g, w)
		}
	}
	float := func(field string, g, w *float64) {
		compared++
		if !near(g, w) {
			say(field, show(g), show(w))
		}
	}
	float("value", got.Value, want.Value)
	whole("numerator", got.Numerator, want.Numerator)
	whole("denominator", got.Denominator, want.Denominator)
	whole("n", got.N, want.N)
	whole("pending", got.Pending, want.Pending)
	float("p50", got.P50, want.P50)
	float("p90", got.P90, want.P90)
	float("p95", got.P95, want.P95)
	float("mean", got.Mean, want.Mean)
	compared++
	if got.State != want.State {
		say("state", got.State, want.State)
	}
	gi, wi := got.Interval, want.Interval
	if (gi == nil) != (wi == nil) {
		say("interval", gi, wi)
	} else if gi != nil {
		float("interval.low", &gi[0], &wi[0])
		float("interval.high", &gi[1], &wi[1])
	}
	ga, wa := got.Anomalies, want.Anomalies
	if (ga == nil) != (wa == nil) {
		say("anomalies", ga, wa)
	} else if ga != nil {
		whole("anomalies.numerator", ga.Numerator, wa.Numerator)
		whole("anomalies.denominator", ga.Denominator, wa.Denominator)
	}
	for _, name := range union(got.Distribution, want.Distribution) {
		g, gok := got.Distribution[name]
		w, wok := want.Distribution[name]
		compared++
		if gok != wok || math.Abs(g-w) > tolerance {
			say("distribution."+name, g, w)
		}
	}
	for _, name := range union(got.More, want.More) {
		if _, ok := got.More[name]; !ok {
			say("more", "no "+name, name)
			continue
		}
		if _, ok := want.More[name]; !ok {
			say("more", name, "no "+name)
			continue
		}
		deeper, n := differences(path+"."+name, got.More[name], want.More[name])
		found, compared = append(found, deeper...), compared+n
	}
	return found, compared
}

func union[V any](a, b map[string]V) []string {
	return slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, m := range []map[string]V{a, b} {
			for name := range maps.Keys(m) {
				if !yield(name) {
					return
				}
			}
		}
	}))
}

func near(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= tolerance*max(1, math.Abs(*a), math.Abs(*b))
}

func show(f *float64) any {
	if f == nil {
		return "null"
	}
	return *f
}
