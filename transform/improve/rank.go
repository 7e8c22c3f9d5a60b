package improve

import (
	"cmp"
	"slices"
	"time"
)

// Burden is what an issue cost in a period.
type Burden struct {
	Issue string `json:"issue"`
	Name  string `json:"name"`
	// Complaints and Customers are those of the period, Previous the complaints of the one before.
	Complaints int64 `json:"complaints"`
	Customers  int64 `json:"customers"`
	Previous   int64 `json:"previous"`
	// Dissatisfied of Rated gave 3 or less as their last score.
	Dissatisfied int64 `json:"dissatisfied"`
	Rated        int64 `json:"rated"`
	// Handling is the natural time spent on those that were resolved, net of pauses, in seconds; Handled counts them.
	Handling float64 `json:"handling"`
	Handled  int64   `json:"handled"`
	// Breached had a deadline or a promised day that was not kept.
	Breached int64 `json:"breached"`
	// Action is an improvement action that is under way against it, empty without.
	Action string `json:"action,omitempty"`
}

// Factor is a part of a burden that a ranking weighs.
type Factor string

// Factors, in the order in which they are shown.
const (
	ByCustomers    Factor = "customers"
	ByTrend        Factor = "trend"
	ByDissatisfied Factor = "dissatisfied"
	ByHandling     Factor = "handling"
	ByBreaches     Factor = "breaches"
)

// Factors are all of them.
var Factors = []Factor{ByCustomers, ByTrend, ByDissatisfied, ByHandling, ByBreaches} //nolint:gochecknoglobals // a constant list

// Weights say how much each factor counts, 0 to 10.
type Weights map[Factor]int

// DefaultWeights count people first: what hits many different customers, what grows and what makes them unhappy.
func DefaultWeights() Weights {
	return Weights{ByCustomers: 3, ByTrend: 2, ByDissatisfied: 2, ByHandling: 1, ByBreaches: 2}
}

// Value of a factor, in its own unit; the trend is how many complaints more than in the period before.
func (b Burden) Value(f Factor) float64 {
	switch f {
	case ByCustomers:
		return float64(b.Customers)
	case ByTrend:
		return float64(b.Complaints - b.Previous)
	case ByDissatisfied:
		return float64(b.Dissatisfied)
	case ByHandling:
		return b.Handling
	case ByBreaches:
		return float64(b.Breached)
	}
	return 0
}

// Ranked is a burden with what each factor adds: its weight times the issue's value by the greatest of all issues. Score is
// their sum by the sum of the weights, 0 to 1; a falling trend adds nothing.
type Ranked struct {
	Burden

	Points map[Factor]float64 `json:"points"`
	Score  float64            `json:"score"`
}

// Rank orders burdens, the heaviest first; of equal ones that with more customers, then by id.
func Rank(list []Burden, w Weights) []Ranked {
	greatest, all := map[Factor]float64{}, 0
	for _, f := range Factors {
		all += w[f]
		for _, b := range list {
			greatest[f] = max(greatest[f], b.Value(f))
		}
	}
	out := make([]Ranked, 0, len(list))
	for _, b := range list {
		r := Ranked{Burden: b, Points: map[Factor]float64{}}
		for _, f := range Factors {
			if v := b.Value(f); v > 0 && all > 0 {
				r.Points[f] = float64(w[f]) * v / greatest[f]
				r.Score += r.Points[f] / float64(all)
			}
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Customers, a.Customers), cmp.Compare(a.Issue, b.Issue))
	})
	return out
}

// Finding counts the complaints of a period by what an investigation found, by department, and by the step whose
// deadline they broke first, empty for none.
type Finding struct {
	Group      string `json:"cause_group"`
	Department string `json:"department"`
	Step       string `json:"step"`
	Complaints int64  `json:"complaints"`
}

// Burdens are what there is to choose from.
type Burdens struct {
	Issues []Burden
	Causes []Finding
	// Before is where the period before begins.
	Before time.Time
}
