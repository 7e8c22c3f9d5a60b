package kpi

// Counts are what a query counted, by name: durations in milliseconds, everything else as it is.
type Counts map[string]int64

// seconds brings counted milliseconds into the form of an answer.
func seconds(ms int64) *float64 { return new(float64(ms) / 1000) }

// state is the first that holds.
func state(n, minimum int64, immature bool) State {
	switch {
	case n == 0:
		return NoData
	case n < minimum:
		return Insufficient
	case immature:
		return Immature
	default:
		return OK
	}
}

// Rate answers a proportion.
func Rate(numerator, denominator, pending, minimum int64, immature bool) Value {
	v := Value{
		Numerator: numerator, Denominator: denominator, N: denominator, Pending: pending,
		State: state(denominator, minimum, immature),
	}
	if denominator > 0 {
		interval := Wilson(numerator, denominator)
		v.Value, v.Interval = new(float64(numerator)/float64(denominator)), &interval
	}
	return v
}

// Count answers a number of things: its n is its value and its state always ok.
func Count(n int64) Value {
	return Value{Value: new(float64(n)), N: n, State: OK}
}

// Waiting answers how long events take when some are still awaited: the median, and beside it P90 and P95.
func Waiting(events, censored []int64, pending, minimum int64) Value {
	n := int64(len(events) + len(censored))
	v := Value{Numerator: int64(len(events)), Denominator: n, N: n, Pending: pending, State: state(n, minimum, false)}
	curve := KaplanMeier(events, censored)
	reached := func(percent int) *float64 {
		if t, ok := Reached(curve, percent); ok {
			return seconds(t)
		}
		return nil
	}
	v.P50, v.P90, v.P95 = reached(50), reached(90), reached(95)
	v.Value = v.P50
	if v.Value == nil && v.State == OK {
		v.State = NotReached
	}
	return v
}

// percentiles fills P50, P90, P95 and the mean of n durations counted under names that begin with prefix.
func (v *Value) percentiles(c Counts, prefix string, n int64) {
	if n == 0 {
		return
	}
	v.P50, v.P90, v.P95 = seconds(c[prefix+"p50"]), seconds(c[prefix+"p90"]), seconds(c[prefix+"p95"])
	v.Mean = new(float64(c[prefix+"sum"]) / float64(n) / 1000)
}

// Answer makes the value of an entry from what its query counted. lists holds the durations that must stay apart.
func Answer(e Entry, c Counts, lists map[string][]int64, minimum int64, immature bool) Value {
	switch e.ID {
	case "first_response":
		return Waiting(lists["replied"], lists["censored"], c["pending"], minimum)
	case "throughput":
		return Count(c["resolved"])
	case "backlog":
		return Count(c["closing"])
	case "handling_time":
		return handling(c, minimum)
	case "backlog_age":
		return age(c, minimum)
	case "satisfaction":
		return satisfaction(c, minimum)
	case "sync_lag":
		return syncLag(c, minimum)
	case "longest_silence":
		v := duration(c, "", c["n"], minimum)
		v.Value = v.P90
		return v
	case "completion":
		return Rate(c["numerator"], c["denominator"], c["pending"], minimum, immature)
	}
	v := Rate(c["numerator"], c["denominator"], c["pending"], minimum, false)
	if e.Query == "on_time" {
		v.Anomalies = &Ratio{Numerator: c["anomalous"], Denominator: c["registered"]}
	}
	if e.ID == "rectification" {
		v.More = map[string]Value{"effective": Rate(c["effective"], c["verified"], 0, minimum, false)}
	}
	if e.ID == "issue_share" {
		v.More = map[string]Value{"unclustered": Rate(c["denominator"]-c["numerator"], c["denominator"], 0, minimum, false)}
	}
	return v
}

func duration(c Counts, prefix string, n, minimum int64) Value {
	v := Value{N: n, State: state(n, minimum, false)}
	v.percentiles(c, prefix, n)
	v.Value = v.P50
	return v
}

func handling(c Counts, minimum int64) Value {
	n := c["n"]
	v := duration(c, "", n, minimum)
	if n > 0 {
		v.Distribution = map[string]float64{}
		for _, days := range []string{"3", "7", "15", "30"} {
			v.Distribution[days] = float64(c["within_"+days]) / float64(n)
		}
	}
	v.More = map[string]Value{"net": duration(c, "net_", n, minimum)}
	return v
}

// AgeBuckets are the lower bounds, in days, of the backlog's age buckets.
var AgeBuckets = []string{"0", "1", "3", "7", "15", "30", "60"} //nolint:gochecknoglobals // a constant list

// age answers the backlog's age; the distribution holds each bucket's share under its lower bound in days.
func age(c Counts, minimum int64) Value {
	n := c["n"]
	v := duration(c, "", n, minimum)
	if n > 0 {
		v.Distribution = map[string]float64{}
		for _, days := range AgeBuckets {
			v.Distribution[days] = float64(c["from_"+days]) / float64(n)
		}
	}
	return v
}

// satisfaction puts beside the rate: the mean score, the first ratings, participation, and what the rate would be had
// all the silent been dissatisfied or all satisfied.
func satisfaction(c Counts, minimum int64) Value {
	v := Rate(c["numerator"], c["denominator"], c["offered"]-c["answered"], minimum, false)
	if v.N > 0 {
		v.Mean = new(float64(c["sum"]) / float64(v.N))
	}
	offered := c["offered"]
	bounds := Value{Numerator: c["satisfied"], Denominator: offered, N: offered, Pending: v.Pending, State: state(offered, minimum, false)}
	if offered > 0 {
		low, high := float64(c["satisfied"])/float64(offered), float64(c["satisfied"]+v.Pending)/float64(offered)
		bounds.Value, bounds.Interval = new(low), &[2]float64{low, high}
	}
	first := Rate(c["first_numerator"], c["first_denominator"], 0, minimum, false)
	if first.N > 0 {
		first.Mean = new(float64(c["first_sum"]) / float64(first.N))
	}
	v.More = map[string]Value{
		"first":         first,
		"participation": Rate(c["answered"], offered, v.Pending, minimum, false),
		"non_response":  bounds,
	}
	return v
}

// syncLag answers with P95; the share within five minutes stands beside it.
func syncLag(c Counts, minimum int64) Value {
	n := c["n"]
	v := duration(c, "", n, minimum)
	v.Value = v.P95
	v.Numerator, v.Denominator = c["within"], n
	v.Anomalies = &Ratio{Numerator: c["negative"], Denominator: n + c["negative"]}
	v.More = map[string]Value{"within_300s": Rate(c["within"], n, 0, minimum, false)}
	return v
}
