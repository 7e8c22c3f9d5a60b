package backtest

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

const (
	// window of the rates, and how far the alerts of a stretch look back.
	window = 28 * 24 * time.Hour
	// after is how long after an alert about a rate a breach counts as following it.
	after = 7 * 24 * time.Hour
	// keepCases and keepRates are how long alerts go on when their condition has ended: two stretches nearer than that are
	// one alert.
	keepCases = 5 * time.Minute
	keepRates = time.Hour
)

// Rule is what one alert would have done.
type Rule struct {
	Alert string `json:"alert"`
	// Fired is how often it would have begun to fire; of these, Followed were followed by what it warns of: the breach of
	// the same clock or group, for a rate a further one within seven days.
	Fired    int `json:"fired"`
	Followed int `json:"followed"`
	// LeadMedian and LeadP90 are the seconds from the alert to that breach, nearest rank; nil where none followed.
	LeadMedian *float64 `json:"lead_median_seconds,omitempty"`
	LeadP90    *float64 `json:"lead_p90_seconds,omitempty"`
	// Breaches is how many there were, Unwarned how many of them came without this alert.
	Breaches int `json:"breaches"`
	Unwarned int `json:"unwarned"`
}

// Report is what the alerts of a policy would have done.
type Report struct {
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	Complaints int       `json:"complaints"`
	Clocks     int       `json:"clocks"`
	Rules      []Rule    `json:"rules"`
}

// stretch of firing.
type stretch struct{ from, to time.Time }

// merged joins stretches that overlap or lie no further apart than keep, and leaves out empty ones.
func merged(list []stretch, keep time.Duration) []stretch {
	slices.SortFunc(list, func(a, b stretch) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	var out []stretch
	for _, s := range list {
		n := len(out)
		switch {
		case !s.from.Before(s.to):
		case n > 0 && !s.from.After(out[n-1].to.Add(keep)):
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
		default:
			out = append(out, s)
		}
	}
	return out
}

// judge counts the alerts of one rule, by what it watches. fired are merged stretches, breached sorted instants. A breach
// follows when it comes within the reach of the stretch: in it, or up to so long after its beginning. An alert that is
// the breach's own doing does not warn of it.
func judge[K comparable](name string, h *History, fired map[K][]stretch, breached map[K][]time.Time, reach time.Duration) Rule {
	r := Rule{Alert: name}
	within := func(t time.Time) bool { return !t.Before(h.from) && t.Before(h.to) }
	var leads []float64
	for key, list := range fired {
		for _, s := range list {
			if !within(s.from) {
				continue
			}
			r.Fired++
			i, _ := slices.BinarySearchFunc(breached[key], s.from, func(b, from time.Time) int {
				if b.After(from) {
					return 1
				}
				return -1
			})
			if i < len(breached[key]) && !breached[key][i].After(s.until(reach)) {
				r.Followed++
				leads = append(leads, breached[key][i].Sub(s.from).Seconds())
			}
		}
	}
	for key, list := range breached {
		for _, at := range list {
			if !within(at) {
				continue
			}
			r.Breaches++
			warned := slices.ContainsFunc(fired[key], func(s stretch) bool { return s.from.Before(at) && !at.After(s.until(reach)) })
			if !warned {
				r.Unwarned++
			}
		}
	}
	slices.Sort(leads)
	r.LeadMedian, r.LeadP90 = nearest(leads, 50), nearest(leads, 90)
	return r
}

func (s stretch) until(reach time.Duration) time.Time {
	if far := s.from.Add(reach); far.After(s.to) {
		return far
	}
	return s.to
}

func nearest(sorted []float64, percent int) *float64 {
	if len(sorted) == 0 {
		return nil
	}
	v := sorted[(percent*len(sorted)+99)/100-1]
	return &v
}

// sorted orders the instants of each key.
func sorted[K comparable](m map[K][]time.Time) map[K][]time.Time {
	for list := range maps.Values(m) {
		slices.SortFunc(list, time.Time.Compare)
	}
	return m
}
