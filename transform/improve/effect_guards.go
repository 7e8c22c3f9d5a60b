package improve

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// year is the weeks back to the same season.
const year = 52

// season holds the change against that of the same weeks a year before, when these show a fall, too: by more than their
// error, or they say nothing. Weeks that stand on both sides count in the error (delta method on the log scale).
func (j *judging) season(after []int, tail, dispersion float64) (*Comparison, Flag) {
	lastBefore, lastAfter := backAYear(j.w.before), backAYear(after)
	first := 0
	for first < len(j.e.Weeks) && j.e.Weeks[first].Complaints == 0 {
		first++
	}
	if lastBefore[0] < first || lastAfter[0] < first {
		return nil, SeasonUnknown
	}
	b, a := sum(j.e.Weeks, j.w.before, byExposure), sum(j.e.Weeks, after, byExposure)
	lb, la := sum(j.e.Weeks, lastBefore, byExposure), sum(j.e.Weeks, lastAfter, byExposure)
	if lb.exposure <= 0 || la.exposure <= 0 || lb.complaints == 0 {
		return nil, SeasonUnknown
	}
	last := logRatio(lb, la)
	lastError := math.Sqrt(dispersion * (1/(lb.complaints+.5) + 1/(la.complaints+.5)))
	if last > -seasonal*lastError {
		return nil, ""
	}
	both := 0.0
	for _, i := range lastAfter {
		for _, k := range j.w.before {
			if i == k {
				both += float64(j.e.Weeks[i].Complaints)
			}
		}
	}
	change := logRatio(b, a) - last
	variance := 1/(b.complaints+.5) + 1/(a.complaints+.5) + 1/(lb.complaints+.5) + 1/(la.complaints+.5) +
		2*both/((b.complaints+.5)*(la.complaints+.5))
	wide := distuv.UnitNormal.Quantile(1-tail) * math.Sqrt(dispersion*variance)
	return &Comparison{
		Ratio: new(math.Exp(change)), Low: math.Exp(change - wide), High: new(math.Exp(change + wide)), Dispersion: dispersion,
	}, SeasonUsed
}

// seasonal is from how many standard errors on last year's fall is held against this year's.
const seasonal = 0.5

func backAYear(indices []int) []int {
	out := make([]int, len(indices))
	for k, i := range indices {
		out[k] = i - year
	}
	return out
}

func logRatio(before, after side) float64 {
	return math.Log((after.complaints + .5) / after.exposure * before.exposure / (before.complaints + .5))
}

// mixed is from which difference on the channels of two windows are different ones (total variation).
const mixed = 0.2

// channels stands the change on each channel's own rate before, when the channels changed: what was to be expected after is
// the sum over channels of their exposure after at their rate before (indirect standardisation). The interval is that of
// the main comparison, moved.
func (j *judging) channels(after []int, main Comparison) *Comparison {
	b, a := j.parts(j.w.before), j.parts(after)
	if b == nil || a == nil || main.Ratio == nil {
		return nil
	}
	var allBefore, allAfter Part
	for _, p := range b {
		allBefore.Complaints, allBefore.Exposure = allBefore.Complaints+p.Complaints, allBefore.Exposure+p.Exposure
	}
	for _, p := range a {
		allAfter.Complaints, allAfter.Exposure = allAfter.Complaints+p.Complaints, allAfter.Exposure+p.Exposure
	}
	if allBefore.Exposure <= 0 || allAfter.Exposure <= 0 {
		return nil
	}
	distance, expected := 0.0, 0.0
	for name := range b {
		distance += math.Abs(b[name].Exposure/allBefore.Exposure-a[name].Exposure/allAfter.Exposure) / 2
		if b[name].Exposure > 0 {
			expected += a[name].Exposure * b[name].Complaints / b[name].Exposure
		}
	}
	for name := range a {
		if _, known := b[name]; !known {
			distance += a[name].Exposure / allAfter.Exposure / 2
		}
	}
	plain := allAfter.Exposure * allBefore.Complaints / allBefore.Exposure
	if distance <= mixed || plain <= 0 {
		return nil
	}
	if expected <= 0 { // nothing was to be expected by the channels that are left
		return &Comparison{Dispersion: main.Dispersion}
	}
	moved := plain / expected
	c := Comparison{Ratio: new(*main.Ratio * moved), Low: main.Low * moved, Dispersion: main.Dispersion}
	if main.High != nil {
		c.High = new(*main.High * moved)
	}
	return &c
}

func (j *judging) parts(indices []int) map[string]Part {
	var out map[string]Part
	for _, i := range indices {
		for name, p := range j.e.Weeks[i].Channels {
			if out == nil {
				out = map[string]Part{}
			}
			o := out[name]
			out[name] = Part{o.Complaints + p.Complaints, o.Exposure + p.Exposure}
		}
	}
	return out
}

// aside are the flags that change no verdict.
func (j *judging) aside(out Effect) []Flag {
	var list []Flag
	if out.Dispersion > 1.5 || out.Correlation > 0.3 {
		list = append(list, Dispersed)
	}
	for _, at := range j.e.Moved {
		if !at.Before(out.Before.From) && at.Before(j.e.AsOf) {
			list = append(list, MembersChanged)
			break
		}
	}
	if b, a := j.texts(j.w.before), j.texts(j.w.after); math.Abs(b-a) > 0.1 {
		list = append(list, TextChanged)
	}
	if b, a := out.Before.Exposure/float64(out.Before.Weeks), out.After.Exposure/float64(out.After.Weeks); a > 1.2*b || a < b/1.2 {
		list = append(list, ExposureMoved)
	}
	return list
}

// texts is the share of complaints with a text, NaN where nothing is registered.
func (j *judging) texts(indices []int) float64 {
	var texts, registered int64
	for _, i := range indices {
		texts, registered = texts+j.e.Weeks[i].Texts, registered+j.e.Weeks[i].Registered
	}
	return float64(texts) / float64(registered)
}
