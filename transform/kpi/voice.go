package kpi

import (
	"cmp"
	"slices"
	"strings"
)

// Scores counts complaints by their last valid rating; the first place is score 1, the last 5.
type Scores [5]int64

// N is how many there are.
func (s Scores) N() int64 {
	var n int64
	for _, count := range s {
		n += count
	}
	return n
}

// Satisfied are the scores 4 and 5 among all.
func (s Scores) Satisfied() Ratio { return Ratio{Numerator: s[3] + s[4], Denominator: s.N()} }

// Poor are the scores 1 and 2 among all.
func (s Scores) Poor() Ratio { return Ratio{Numerator: s[0] + s[1], Denominator: s.N()} }

// Dissatisfied are the scores 1 to 3.
func (s Scores) Dissatisfied() int64 { return s[0] + s[1] + s[2] }

// Factor is something that may go with how customers rate: a dimension, or what happened to a complaint before its last
// rating.
type Factor string

// Factors beside the dimensions, and their values.
const (
	// FactorReply is the verdict on the first reply's clock: met, late, or none where it has no verdict.
	FactorReply Factor = "reply"
	// FactorReopened says whether a reopening came before the rating: yes or no.
	FactorReopened Factor = "reopened"
	// FactorTransfers are the transfers before the rating: 0, 1, or 2 for two and more.
	FactorTransfers Factor = "transfers"
	// FactorHandling is the wall time from registration to the last resolution before the rating, in days: the band ends
	// at 1, 3, 7 or 15 days, more lies above, none is without a resolution.
	FactorHandling Factor = "handling"
)

// FactorValues are the values that each of these can take, in their order.
var FactorValues = map[Factor][]string{ //nolint:gochecknoglobals // a constant table
	FactorReply:     {"met", "late", "none"},
	FactorReopened:  {"no", "yes"},
	FactorTransfers: {"0", "1", "2"},
	FactorHandling:  {"1", "3", "7", "15", "more", "none"},
}

// Heard is what the last ratings of a period say: of all complaints, and of those with each value of each factor. Values of
// one factor do not overlap and leave nobody out.
type Heard struct {
	All Scores                       `json:"all"`
	By  map[Factor]map[string]Scores `json:"by"`
}

// Voice is a period's ratings and those of the period before; Before is nil where that was not asked.
type Voice struct {
	Now    Heard
	Before *Heard
	// Issues names the recurring issues by id.
	Issues map[string]string
}

// Ratios are the satisfied of a factor's values.
func (h Heard) Ratios(f Factor) map[string]Ratio {
	out := make(map[string]Ratio, len(h.By[f]))
	for value, s := range h.By[f] {
		out[value] = s.Satisfied()
	}
	return out
}

// Merged is h with the values of a factor renamed; values of one new name are added up.
func (h Heard) Merged(f Factor, name func(string) string) map[string]Scores {
	out := map[string]Scores{}
	for value, s := range h.By[f] {
		sum := out[name(value)]
		for i := range s {
			sum[i] += s[i]
		}
		out[name(value)] = sum
	}
	return out
}

// Driver says how one value of a factor goes with dissatisfaction. It is a correlation: what goes with it need not be what
// brings it about.
type Driver struct {
	Factor Factor `json:"factor"`
	Value  string `json:"value"`
	Scores Scores `json:"scores"`
	// Satisfied is the rate of those with the value, Rest that of all others.
	Satisfied Value `json:"satisfied"`
	Rest      Value `json:"rest"`
	// Difference is Satisfied − Rest with its 95 % interval (Newcombe); Verdict says whether chance would bring it about.
	Difference
	// Excess are the dissatisfied complaints above those there would be, had the ones with the value rated like all: it is n
	// times the share of the rest times minus the difference, negative where they are happier. The excesses of a factor's
	// values add up to nothing. ExcessSpread is its interval, from that of the difference.
	Excess       *float64    `json:"excess"`
	ExcessSpread *[2]float64 `json:"excess_interval,omitempty"`
}

// Drive compares each value of each factor with the rest of all, most dissatisfied complaints in excess first; what may not
// be believed stands below, by its size. A value that holds all or none has no rest to be compared with and is left out.
func Drive(h Heard, minimum int64) []Driver {
	var out []Driver
	satisfaction, _ := Lookup("satisfaction")
	all := h.All.Satisfied()
	for f, values := range h.By {
		for value, s := range values {
			with := s.Satisfied()
			rest := Ratio{Numerator: all.Numerator - with.Numerator, Denominator: all.Denominator - with.Denominator}
			if with.Denominator <= 0 || rest.Denominator <= 0 {
				continue
			}
			d := Driver{
				Factor: f, Value: value, Scores: s,
				Satisfied: Rate(with.Numerator, with.Denominator, 0, minimum, false),
				Rest:      Rate(rest.Numerator, rest.Denominator, 0, minimum, false),
			}
			d.Difference = Differ(satisfaction, d.Satisfied, d.Rest)
			n := float64(with.Denominator) * float64(rest.Denominator) / float64(all.Denominator)
			d.Excess = new(-n * *d.Change)
			d.ExcessSpread = &[2]float64{-n * d.Spread[1], -n * d.Spread[0]}
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Driver) int {
		weak := func(d Driver) int {
			if d.Verdict == TooFew {
				return 1
			}
			return 0
		}
		return cmp.Or(
			weak(a)-weak(b), cmp.Compare(*b.Excess, *a.Excess), cmp.Compare(b.Satisfied.N, a.Satisfied.N),
			cmp.Compare(a.Factor, b.Factor), cmp.Compare(a.Value, b.Value),
		)
	})
	return out
}

// Branches are the scores of paths with those of everything below them: what a filter on a path takes.
func Branches(paths map[string]Scores) map[string]Scores {
	out := make(map[string]Scores, len(paths))
	for path := range paths {
		var sum Scores
		for other, s := range paths {
			if other == path || path != "" && strings.HasPrefix(other, path+"/") {
				for i := range s {
					sum[i] += s[i]
				}
			}
		}
		out[path] = sum
	}
	return out
}

// Root is the first level of a path.
func Root(path string) string {
	root, _, _ := strings.Cut(path, "/")
	return root
}
