package improve

import (
	"math"
	"slices"
	"sync"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// Judge judges actions by one set of rules. It keeps the boundaries it has computed.
type Judge struct {
	rules Rules

	lock sync.Mutex
	kept map[int][]float64
}

// NewJudge makes a judge.
func NewJudge(r Rules) *Judge { return &Judge{rules: r, kept: map[int][]float64{}} }

// Effect says what the figures prove of an action. It looks at every week since judging began, so that a verdict has a
// first day; what it says at e.AsOf holds however often somebody looked before.
func (g *Judge) Effect(e Evidence) Effect {
	r := g.rules
	out := Effect{Verdict: Unclear, Exposure: e.Exposure, Horizon: r.Horizon, Flags: []Flag{}, Comparisons: []Comparison{}, Dispersion: 1}
	if e.DoneAt.IsZero() {
		out.Reason = NotDone
		return out
	}
	w := r.split(e)
	j := judging{e: e, r: r, w: w}
	out.Flags, out.Roles = append(out.Flags, w.flags...), w.roles
	out.Before, out.After = window(e.Weeks, w.before), window(e.Weeks, w.after)
	switch {
	case w.close:
		out.Reason = OtherAction
		return out
	case len(w.before) < r.Fewest || out.Before.Complaints == 0 || out.Before.Exposure <= 0:
		out.Reason = TooFewBefore
		return out
	}
	j.looks = g.boundaries(len(w.before))
	out.Dispersion, out.Correlation, _ = spreadOf(e.Weeks, [][]int{w.past, w.after}, byExposure)
	out.Earliest = j.earliest(out)
	if len(w.after) < r.First {
		out.Reason = TooFewAfter
		return out
	}
	for k := r.First; k <= len(w.after); k++ {
		look := j.look(k)
		if look.verdict == Effective && out.First.IsZero() {
			out.First = end(e.Weeks[w.after[k-1]])
		}
		if k == r.First || look.verdict != out.Verdict {
			out.Since = end(e.Weeks[w.after[k-1]])
		}
		out.Verdict, out.Reason, out.Comparisons, out.Looks = look.verdict, look.reason, look.comparisons, k-r.First+1
		if k == len(w.after) {
			out.Flags = append(out.Flags, look.flags...)
			out.Confidence = 1 - 2*j.tail(k)
		}
	}
	if out.Verdict == Unclear && !out.First.IsZero() {
		out.Reason = Faded
	} else if out.Reason == WideInterval && len(w.after) == r.Horizon {
		out.Reason = HorizonReached
	}
	if out.Verdict == Unclear {
		out.Since = time.Time{}
	}
	out.Flags = append(out.Flags, j.aside(out)...)
	return out
}

// judging is one action under judgement.
type judging struct {
	e     Evidence
	r     Rules
	w     windows
	looks []float64
}

func (g *Judge) boundaries(before int) []float64 {
	g.lock.Lock()
	defer g.lock.Unlock()
	if list, ok := g.kept[before]; ok {
		return list
	}
	var list []float64
	if g.rules.OneLook {
		list = slices.Repeat([]float64{distuv.UnitNormal.Quantile(1 - g.rules.Alpha)}, g.rules.Horizon-g.rules.First+1)
	} else {
		list = Boundaries(before, g.rules.First, g.rules.Horizon, g.rules.Alpha)
	}
	g.kept[before] = list
	return list
}

// tail is what the interval of the look after k weeks leaves out on each side.
func (j *judging) tail(k int) float64 { return distuv.UnitNormal.Survival(j.looks[k-j.r.First]) }

// look is the verdict after some weeks.
type look struct {
	verdict     Verdict
	reason      Reason
	comparisons []Comparison
	flags       []Flag
}

func (j *judging) look(k int) look {
	after := j.w.after[:k]
	tail := j.tail(k)
	l := look{comparisons: []Comparison{j.compare(after, tail, byExposure, j.e.Exposure == ByComplaints)}}
	l.comparisons[0].Basis = PerExposure
	why := []Reason{WideInterval}
	add := func(c Comparison, basis Basis, reason Reason) {
		c.Basis = basis
		l.comparisons, why = append(l.comparisons, c), append(why, reason)
	}
	if j.e.Exposure == ByComplaints {
		add(j.compare(after, tail, byWeek, false), PerWeek, ExposureRose)
	}
	season, flag := j.season(after, tail, l.comparisons[0].Dispersion)
	if flag != "" {
		l.flags = append(l.flags, flag)
	}
	if season != nil {
		add(*season, AgainstSeason, SeasonExplains)
	}
	if channels := j.channels(after, l.comparisons[0]); channels != nil {
		l.flags = append(l.flags, ChannelsChanged)
		add(*channels, WithinChannel, ChannelsExplain)
	}
	l.verdict, l.reason = j.r.conclude(l.comparisons, why)
	return l
}

// conclude needs every comparison to agree.
func (r Rules) conclude(list []Comparison, why []Reason) (Verdict, Reason) {
	fell := func(c Comparison) bool { return c.High != nil && *c.High < 1 }
	if !slices.ContainsFunc(list, func(c Comparison) bool { return !fell(c) }) {
		return Effective, Fell
	}
	if !slices.ContainsFunc(list, func(c Comparison) bool { return c.Low <= 1 }) {
		return NotEffective, Rose
	}
	if !slices.ContainsFunc(list, func(c Comparison) bool { return c.Low <= r.Worthwhile }) {
		return NotEffective, NoWorthwhile
	}
	if fell(list[0]) {
		for i, c := range list {
			if !fell(c) {
				return Unclear, why[i]
			}
		}
	}
	return Unclear, WideInterval
}

// compare holds the weeks after against those before, by an exposure. Where the exposure is a count of its own, its chance
// is in the ratio, too.
func (j *judging) compare(after []int, tail float64, exposure func(Week) float64, counted bool) Comparison {
	b, a := sum(j.e.Weeks, j.w.before, exposure), sum(j.e.Weeks, after, exposure)
	if j.r.Poisson {
		return ratio(b, a, tail, 1)
	}
	dispersion, correlation, freedom := spreadOf(j.e.Weeks, [][]int{j.w.past, after}, exposure)
	if counted && a.exposure+b.exposure > 0 {
		dispersion = max(dispersion, 1+(a.complaints+b.complaints)/(a.exposure+b.exposure))
	}
	return ratio(b, a, tail, widened(dispersion, correlation, freedom, tail))
}

func window(weeks []Week, indices []int) Window {
	w := Window{Weeks: len(indices)}
	if len(indices) == 0 {
		return w
	}
	w.From, w.To = weeks[indices[0]].Start, end(weeks[indices[len(indices)-1]])
	for _, i := range indices {
		w.Complaints += weeks[i].Complaints
		w.Exposure += weeks[i].Exposure
	}
	return w
}

// earliest is the day on which a halving would be known with a probability of 80 %: when the interval's upper end, one
// normal 0.8 quantile beyond its mean, lies below no change (on the log scale, by the delta method).
func (j *judging) earliest(out Effect) time.Time {
	const halving, power = 0.5, 0.8
	before := float64(out.Before.Complaints)
	each := before / float64(out.Before.Weeks) * halving
	for k := j.r.First; k <= j.r.Horizon; k++ {
		dispersion := 1.0
		if !j.r.Poisson {
			dispersion = widened(out.Dispersion, out.Correlation, len(j.w.past)+k-2, j.tail(k))
		}
		deviation := math.Sqrt(dispersion * (1/before + 1/(each*float64(k))))
		if math.Log(halving)+(j.looks[k-j.r.First]+distuv.UnitNormal.Quantile(power))*deviation < 0 {
			return j.e.Weeks[j.w.done].Start.AddDate(0, 0, 7*(1+j.r.Settling+k)).Add(j.e.Delay)
		}
	}
	return time.Time{}
}
