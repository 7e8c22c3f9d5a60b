package oracle

import (
	"math/rand/v2"
	"slices"
	"testing"

	"wenguo/ingest"
)

// arrived gives what the generator made as it is stored, without a store.
func arrived(seed uint64, complaints int) map[string][]ingest.Stored {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 5))}
	g.makePeople(complaints / 8)
	stored := map[string][]ingest.Stored{}
	for i, m := range g.arrivals(generate(seed, complaints)) {
		stored[m.event.ComplaintID] = append(stored[m.event.ComplaintID], ingest.Stored{
			Event: m.event, Position: ingest.Position{Offset: int64(i), BusTime: at(m.bus), Backfill: m.backfill},
		})
	}
	return stored
}

// situations are what the rules speak of; a generator that does not bring them about proves nothing.
var situations = map[string]func(s *told) bool{
	"events before the registration":            func(s *told) bool { return len(s.before) > 0 },
	"two events in one millisecond":             func(s *told) bool { return s.pair(func(a, b *happening) bool { return a.at == b.at }) },
	"three rounds":                              func(s *told) bool { return len(s.rounds) > 2 },
	"nobody can be told to be the customer":     func(s *told) bool { return s.customer == "" },
	"merged at last":                            func(s *told) bool { return s.endedBy(ingest.KindMerged) },
	"merged after the end":                      func(s *told) bool { return s.idle(ingest.KindMerged) },
	"withdrawn after the end":                   func(s *told) bool { return s.idle(ingest.KindWithdrawn) },
	"resolved after the end":                    func(s *told) bool { return s.idle(ingest.KindResolved) },
	"closed while open":                         func(s *told) bool { return s.acting(ingest.KindClosed) },
	"rejected":                                  func(s *told) bool { return s.acting(ingest.KindRejected) },
	"reopened while open":                       func(s *told) bool { return s.idle(ingest.KindReopened) },
	"paused in the end":                         func(s *told) bool { return len(s.pauses) > 0 && s.pauses[len(s.pauses)-1].to == s.asOf },
	"two pauses":                                func(s *told) bool { return len(s.pauses) > 1 },
	"abandoned in a later round":                func(s *told) bool { return s.abandoned() && s.rounds[0].how != ingest.KindWithdrawn },
	"self-served":                               func(s *told) bool { return s.selfServed() },
	"an impossible acknowledge clock":           func(s *told) bool { return s.impossible("acknowledge") },
	"an impossible dispatch clock":              func(s *told) bool { return s.impossible("dispatch") },
	"an impossible confirm clock":               func(s *told) bool { return s.impossible("confirm") },
	"an impossible plan clock":                  func(s *told) bool { return s.impossible("plan") },
	"an impossible resolve clock":               func(s *told) bool { return s.impossible("resolve") },
	"an impossible survey clock":                func(s *told) bool { return s.impossible("survey") },
	"finished in the millisecond of the due":    func(s *told) bool { return s.apart(0) },
	"finished a millisecond after the due":      func(s *told) bool { return s.apart(1) },
	"reopened after 30 days":                    func(s *told) bool { return s.reopenedAfter(30*day, 40*day) },
	"a promise replaced":                        func(s *told) bool { return s.promises() > 1 },
	"a promise that nobody may replace":         func(s *told) bool { return s.promises() < s.plans() },
	"a rating after another":                    func(s *told) bool { return len(s.ratings()) > 1 },
	"a survey that stays silent":                func(s *told) bool { return slices.Contains(answers(s.surveys()), nil) },
	"a target that is not of the last priority": func(s *told) bool { return s.valuesAt(s.registered).priority != s.values.priority },
	"an assist in time":                         func(s *told) bool { return s.clocked("assist", met) },
	"an assist too late":                        func(s *told) bool { return s.clocked("assist", late) },
	"an assist cancelled":                       func(s *told) bool { return s.clocked("assist", cancelled) },
	"an outage":                                 func(s *told) bool { return outage(s.valuesAt(s.registered)) },
	"a clock into the next year":                func(s *told) bool { return s.over(local("2027-01-01T00:00:00")) },
	"a clock over the change of policy":         func(s *told) bool { return s.over(changeOfPolicy) },
	"no owner since the transfer":               func(s *told) bool { return s.has(ingest.KindTransferred) && s.values.owner == "" },
	"a lag of exactly 300 s":                    func(s *told) bool { return s.lags(300 * second) },
	"a lag below zero":                          func(s *told) bool { return s.lags(-1) },
	"no bus time":                               func(s *told) bool { return s.pair(func(a, _ *happening) bool { return a.bus == none }) },
}

func answers(m map[instant]*happening) []*happening {
	var all []*happening
	for _, h := range m {
		all = append(all, h)
	}
	return all
}

// pair says whether a test holds of two events that follow one another.
func (s *story) pair(holds func(a, b *happening) bool) bool {
	for i, h := range s.events[1:] {
		if holds(s.events[i], h) {
			return true
		}
	}
	return false
}

// idle and acting say whether an event of the kind changed no state, or changed it.
func (s *story) idle(kind ingest.Kind) bool {
	return slices.ContainsFunc(s.events, func(h *happening) bool { return h.kind == kind && !h.acts })
}

func (s *story) acting(kind ingest.Kind) bool {
	return slices.ContainsFunc(s.events, func(h *happening) bool { return h.kind == kind && h.acts })
}

func (s *told) clocked(stage string, v verdict) bool {
	return slices.ContainsFunc(s.clocks, func(c clock) bool { return c.stage == stage && c.verdict == v })
}

// apart says whether some event came so long after the due instant of some clock of the complaint.
func (s *told) apart(ms instant) bool {
	return slices.ContainsFunc(s.clocks, func(c clock) bool {
		return slices.ContainsFunc(s.events, func(h *happening) bool { return h.at == c.due+ms })
	})
}

func (s *told) over(edge instant) bool {
	return slices.ContainsFunc(s.clocks, func(c clock) bool { return c.start < edge && c.due > edge })
}

func (s *story) reopenedAfter(from, to instant) bool {
	for i := range len(s.rounds) - 1 {
		if gap := s.rounds[i+1].start - s.rounds[i].end; gap >= from && gap < to {
			return true
		}
	}
	return false
}

// plans counts the dates proposed in the first round while it was open, promises those that counted.
func (s *story) plans() int {
	n := 0
	for _, h := range s.events {
		if d, ok := h.data.(*ingest.Plan); ok && h.kind == ingest.KindPlanProposed && h.round == 0 && h.open && d.DueAt != nil {
			n++
		}
	}
	return n
}

func (s *story) promises() int {
	n, due := 0, none
	for _, h := range s.events {
		d, ok := h.data.(*ingest.Plan)
		if ok && h.kind == ingest.KindPlanProposed && h.round == 0 && h.open && d.DueAt != nil && (due == none || h.at <= due) {
			n, due = n+1, d.DueAt.UnixMilli()
		}
	}
	return n
}

func (s *story) lags(ms instant) bool {
	return slices.ContainsFunc(s.everything(), func(h *happening) bool { return h.bus != none && h.bus-h.at == ms })
}

func TestTheHistoriesBringAboutWhatTheRulesSpeakOf(t *testing.T) {
	j := &judge{policies: ourPolicies(t), stored: arrived(20261122, complaints), told: map[instant][]*told{}}
	all := j.stories(local("2028-12-20T00:00:00"))
	for name, holds := range situations {
		n := 0
		for _, s := range all {
			if holds(s) {
				n++
			}
		}
		if n < 3 {
			t.Errorf("%s: %d of %d complaints", name, n, len(all))
		}
	}
	if orphans := len(j.stored) - len(all); orphans < 3 {
		t.Errorf("orphans: %d", orphans)
	}
	pairs := map[string]int{}
	for _, again := range all {
		for _, earlier := range all {
			if again.customer == "" || again.customer != earlier.customer || !sameMatter(again.story, earlier.story) || again == earlier {
				continue
			}
			closure, apart := earlier.closedBefore(again.registered), again.registered-earlier.registered
			switch {
			case closure != none && again.registered == closure+30*day:
				pairs["registered 30 days after the closure"]++
			case closure != none && again.registered == closure+30*day+1:
				pairs["registered 30 days and a millisecond after the closure"]++
			case closure == none && earlier.rounds[0].end == again.registered:
				pairs["registered in the millisecond of the closure"]++
			case closure != none && apart == day && again.values.channel != earlier.values.channel:
				pairs["another channel a day later"]++
			case closure != none && apart == day-1 && again.values.channel != earlier.values.channel:
				pairs["another channel a millisecond less than a day later"]++
			}
		}
	}
	for _, name := range []string{
		"registered 30 days after the closure", "registered 30 days and a millisecond after the closure",
		"registered in the millisecond of the closure", "another channel a day later",
		"another channel a millisecond less than a day later",
	} {
		if pairs[name] == 0 {
			t.Errorf("%s: %d pairs", name, pairs[name])
		}
	}
}
