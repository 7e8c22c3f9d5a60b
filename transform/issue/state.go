package issue

import (
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// Bounds of the states. They are counted in natural days and weeks up to the instant asked about.
const (
	newFor       = 14 * 24 * time.Hour
	silentFor    = 60 * 24 * time.Hour
	usualWeeks   = 8     // weeks before the last that say what is usual
	surprise     = 0.001 // greatest chance at which a week counts as far above the usual
	surgeAtLeast = 5     // complaints below which no week is a surge
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
// escalating, at least five complaints in the last week and so many that a Poisson variable of the issue's usual rate
// (its share of all complaints in the eight weeks before, times all complaints of the last week) reaches them with
// probability below 0.001; otherwise ongoing.
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
	before := weeks[1:min(len(weeks), 1+usualWeeks)]
	usual := float64(sum(before)) / float64(len(before))
	if len(p.All) > len(before) {
		if all := sum(p.All[1 : 1+len(before)]); all > 0 {
			usual = float64(sum(before)) / float64(all) * float64(p.All[0])
		}
	}
	if usual <= 0 {
		return true
	}
	return distuv.Poisson{Lambda: usual}.Survival(float64(weeks[0]-1)) < surprise
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
