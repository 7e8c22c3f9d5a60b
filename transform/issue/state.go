package issue

import (
	"time"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Bounds of the states. They are counted in natural days and weeks up to the instant asked about.
const (
	newFor       = 14 * 24 * time.Hour
	silentFor    = 60 * 24 * time.Hour
	usualWeeks   = 8     // weeks before the last that say what is usual
	surprise     = 0.001 // greatest chance at which a week counts as far above the usual
	surgeAtLeast = 5     // complaints below which no week is a surge
	yearWeeks    = 52    // weeks after which a season comes back
	seasonWeeks  = 3     // weeks around the one a year ago that say what the season did
	seasonDoubt  = 5.0   // complaints' worth of belief that there is no season
	lowWeeks     = 4     // weeks an issue must have been gone before it can come back
	lowShare     = 0.1   // of the former weekly rate: gone
	backShare    = 0.5   // of the former weekly rate: back
	backAtLeast  = 2     // weeks for which it is back
	backAtMost   = 8     // weeks after which being back is usual again
)

// Past is what the state of an issue is decided from.
type Past struct {
	// FirstSeen and LastSeen are the first and the last complaint up to the instant.
	FirstSeen, LastSeen time.Time
	// Weeks counts the issue's complaints, All every complaint, in periods of 7 × 24 h that end at the instant, newest
	// first.
	Weeks, All []int64
}

// StateOf decides the state of an issue at an instant. The first that holds:
// archived, silent for 60 days;
// new, first seen within the last 14 days;
// regressed, back for the last two to eight weeks (each above a tenth, together at least half of its former weekly
// rate) after four weeks or more of at most a tenth of that rate;
// escalating, at least five complaints in the last week and so many that its forecast reaches them with probability below
// 0.001 (Forecast.Tail); otherwise ongoing.
func StateOf(p Past, at time.Time) State {
	switch {
	case p.FirstSeen.IsZero() || at.Sub(p.LastSeen) >= silentFor:
		return Archived
	case at.Sub(p.FirstSeen) < newFor:
		return New
	case p.regressed(at):
		return Regressed
	case p.escalating(at):
		return Escalating
	}
	return Ongoing
}

// lived cuts the weeks before the issue was first seen.
func (p Past) lived(at time.Time) []int64 {
	weeks := int(at.Sub(p.FirstSeen)/(7*24*time.Hour)) + 1
	return p.Weeks[:min(len(p.Weeks), weeks)]
}

func (p Past) escalating(at time.Time) bool {
	weeks := p.lived(at)
	if len(weeks) < 2 || weeks[0] < surgeAtLeast {
		return false
	}
	return p.Forecast(at).Tail(weeks[0]) < surprise
}

// Forecast is what an issue's last week was expected to bring, with the variance of that.
type Forecast struct{ Mean, Variance float64 }

// Forecast says what the last week should have brought, known before it began.
//
// Volume: the issue's share of all complaints in the eight weeks before it (or those that it has lived), times all
// complaints of the week. Season: where it lived a year and more, times what the three weeks around this one did to its
// share a year ago, against the eight weeks before those, as (seen + 5) ÷ (expected + 5): five complaints' worth of belief
// that there is no season. Weeks are whole, so that weekdays cancel.
//
// Variance: φ·mean + φ·mean²⁄n, where φ ≥ 1 is the dispersion of the earlier weeks around their own share (Pearson's χ² by
// its degrees of freedom) and n their complaints: what a week scatters, and what is uncertain in the mean. After Farrington et al.,
// "A statistical algorithm for the early detection of outbreaks of infectious disease", J. R. Statist. Soc. A 159 (1996),
// with the negative binomial of Noufaily et al., Statist. Med. 32 (2013).
func (p Past) Forecast(at time.Time) Forecast {
	weeks := p.lived(at)
	if len(weeks) < 2 {
		return Forecast{}
	}
	before := weeks[1:min(len(weeks), 1+usualWeeks)]
	n := float64(sum(before))
	share := n / max(p.volume(1, 1+len(before)), 1)
	mean := share * p.volume(0, 1) * p.season(weeks)
	if mean <= 0 {
		return Forecast{}
	}
	scatter := 0.0
	for i, seen := range before {
		if expected := share * p.volume(1+i, 2+i); expected > 0 {
			scatter += (float64(seen) - expected) * (float64(seen) - expected) / expected
		}
	}
	dispersion := max(1, scatter/float64(max(len(before)-1, 1)))
	return Forecast{mean, dispersion * (mean + mean*mean/n)}
}

// volume counts all complaints of the weeks from ≤ week < to; without counts every week is like any other.
func (p Past) volume(from, to int) float64 {
	if len(p.All) < to {
		return float64(to - from)
	}
	return float64(sum(p.All[from:to]))
}

// season is what the issue's share did a year ago in this season, 1 where that is not known.
func (p Past) season(weeks []int64) float64 {
	from := yearWeeks - seasonWeeks/2
	to := from + seasonWeeks
	if len(weeks) < to+usualWeeks || len(p.All) < to+usualWeeks {
		return 1
	}
	usual := p.volume(to, to+usualWeeks)
	if usual == 0 {
		return 1
	}
	expected := float64(sum(weeks[to:to+usualWeeks])) / usual * p.volume(from, to)
	return (float64(sum(weeks[from:to])) + seasonDoubt) / (expected + seasonDoubt)
}

// Tail is the probability of at least n complaints: of a negative binomial variable with the forecast's mean and variance,
// or of a Poisson variable where the variance is no larger than the mean. Nothing expected, anything is a surprise.
func (f Forecast) Tail(n int64) float64 {
	switch {
	case n <= 0:
		return 1
	case f.Mean <= 0:
		return 0
	case f.Variance <= f.Mean*(1+1e-9):
		return distuv.Poisson{Lambda: f.Mean}.Survival(float64(n - 1))
	}
	size := f.Mean * f.Mean / (f.Variance - f.Mean)
	return mathext.RegIncBeta(float64(n), size, f.Mean/(size+f.Mean))
}

func (p Past) regressed(at time.Time) bool {
	weeks := p.lived(at)
	for back := backAtLeast; back <= backAtMost; back++ {
		for low := lowWeeks; back+low < len(weeks); low++ {
			former := mean(weeks[back+low:])
			if former > 0 && mean(weeks[back:back+low]) <= lowShare*former && isBack(weeks[:back], former) {
				return true
			}
		}
	}
	return false
}

func isBack(weeks []int64, former float64) bool {
	for _, n := range weeks {
		if float64(n) <= lowShare*former {
			return false
		}
	}
	return mean(weeks) >= backShare*former
}

func sum(counts []int64) int64 {
	var total int64
	for _, n := range counts {
		total += n
	}
	return total
}

func mean(counts []int64) float64 { return float64(sum(counts)) / float64(len(counts)) }
