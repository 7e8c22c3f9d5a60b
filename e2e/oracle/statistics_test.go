package oracle

import (
	"math"
	"slices"

	"wenguo/transform/kpi"
)

// enough is the least n at which a figure may be judged.
const enough = 30

func state(n int, extra ...kpi.State) kpi.State {
	switch {
	case n == 0:
		return kpi.NoData
	case n < enough:
		return kpi.Insufficient
	case len(extra) > 0:
		return extra[0]
	}
	return kpi.OK
}

// rate is a proportion with its Wilson interval.
func rate(part, whole, pending int, extra ...kpi.State) kpi.Value {
	v := kpi.Value{
		Numerator: int64(part), Denominator: int64(whole), N: int64(whole), Pending: int64(pending), State: state(whole, extra...),
	}
	if whole > 0 {
		v.Value = new(float64(part) / float64(whole))
		v.Interval = wilson(float64(part), float64(whole))
	}
	return v
}

func wilson(part, n float64) *[2]float64 {
	const z = 1.959964
	p := part / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return &[2]float64{max(0, middle-half), min(1, middle+half)}
}

func count(n int) kpi.Value {
	return kpi.Value{Value: new(float64(n)), N: int64(n), State: kpi.OK}
}

// seconds turns milliseconds to what figures are given in.
func seconds(ms instant) *float64 { return new(float64(ms) / 1000) }

// nearest is the ⌈p·n⌉-th smallest; percent keeps it exact.
func nearest(sorted []instant, percent int) instant {
	rank := (percent*len(sorted) + 99) / 100
	return sorted[max(rank, 1)-1]
}

// lengths is a figure of durations; which of its percentiles is the value is told by percent.
func lengths(all []instant, percent int) kpi.Value {
	v := kpi.Value{N: int64(len(all)), State: state(len(all))}
	if len(all) == 0 {
		return v
	}
	sorted := slices.Sorted(slices.Values(all))
	v.Value = seconds(nearest(sorted, percent))
	v.P50, v.P90, v.P95 = seconds(nearest(sorted, 50)), seconds(nearest(sorted, 90)), seconds(nearest(sorted, 95))
	var sum float64
	for _, ms := range all {
		sum += float64(ms) / 1000
	}
	v.Mean = new(sum / float64(len(all)))
	return v
}

// waited is how long somebody waited, and whether the reply came or the watching ended.
type waited struct {
	length  instant
	replied bool
}

// reached is the smallest t with S(t) ≤ 1 − p by Kaplan and Meier; nil where the curve stays above. Replies come before
// censorings of the same t.
func reached(all []waited, p float64) *float64 {
	survival := 1.0
	times := map[instant]bool{}
	for _, w := range all {
		if w.replied {
			times[w.length] = true
		}
	}
	var ordered []instant
	for t := range times {
		ordered = append(ordered, t)
	}
	slices.Sort(ordered)
	for _, t := range ordered {
		atRisk, events := 0, 0
		for _, w := range all {
			if w.length >= t {
				atRisk++
			}
			if w.length == t && w.replied {
				events++
			}
		}
		survival *= 1 - float64(events)/float64(atRisk)
		if survival <= 1-p+1e-9 {
			return seconds(t)
		}
	}
	return nil
}
