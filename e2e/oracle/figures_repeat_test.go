package oracle

import (
	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// sameMatter says whether two complaints of one customer are about the same, by category and product.
func sameMatter(a, b *story) bool {
	return a.values.category != "" && a.values.category == b.values.category && a.values.product == b.values.product
}

func sameIssue(a, b *story) bool { return a.issue != "" && a.issue == b.issue }

// repeats says whether a complaint repeats an earlier one.
func repeats(again, earlier *story, same func(a, b *story) bool) bool {
	if again == earlier || again.customer == "" || again.customer != earlier.customer || !same(again, earlier) {
		return false
	}
	if again.endedBy(ingest.KindMerged) {
		return false
	}
	closure := earlier.closedBefore(again.registered)
	if closure == none || again.registered > closure+30*day {
		return false
	}
	duplicate := again.value(kpi.Channel) != earlier.value(kpi.Channel) && again.registered-earlier.registered < day
	return !duplicate
}

// closedBefore is when the complaint ended, if it is ended at an instant and not by a merge. Of the events of that very
// instant a registration comes first, so an end in the same millisecond is still to come, and so is a reopening.
func (s *story) closedBefore(at instant) instant {
	for i, r := range s.rounds {
		next := none
		if i+1 < len(s.rounds) {
			next = s.rounds[i+1].start
		}
		if r.end != none && r.end < at && (next == none || next >= at) && r.how != ingest.KindMerged {
			return r.end
		}
	}
	return none
}

func (q *question) repeated(same func(a, b *story) bool) kpi.Value {
	return q.share(func(s *told) bool {
		for _, earlier := range q.all {
			if repeats(s.story, earlier.story, same) {
				return true
			}
		}
		return false
	})
}

func repeat(q *question) kpi.Value { return q.repeated(sameMatter) }

func repeatIssue(q *question) kpi.Value { return q.repeated(sameIssue) }

// firstContact follows the first resolution of a complaint for 30 days.
func firstContact(q *question) kpi.Value {
	part, whole, pending := 0, 0, 0
	for _, s := range q.in {
		i := s.firstResolution()
		if i < 0 || !q.within(s.rounds[i].end) {
			continue
		}
		if s.rounds[i].end+30*day > q.asOf {
			pending++
			continue
		}
		whole++
		if s.oneTouch(s.rounds[i].ending) && !s.reopenedSoon(i) && !q.repeatedSoon(s, s.rounds[i].end) {
			part++
		}
	}
	return rate(part, whole, pending)
}

// firstResolution is the round in which the complaint was resolved first; −1 without one.
func (s *story) firstResolution() int {
	for i, r := range s.rounds {
		if r.resolved() {
			return i
		}
	}
	return -1
}

// oneTouch says whether one human reply led to the resolution, or the resolution was the only one.
func (s *story) oneTouch(resolution *happening) bool {
	touched := 0
	for _, h := range s.events {
		if h == resolution {
			break
		}
		if touches(h) && h.human() {
			touched++
		}
	}
	return touched == 1 || touched == 0 && resolution.human()
}

// repeatedSoon says whether the complaint, closed then, was repeated within 30 days.
func (q *question) repeatedSoon(s *told, closed instant) bool {
	for _, again := range q.all {
		if again.registered <= closed+30*day && again.registered >= closed && repeats(again.story, s.story, sameMatter) {
			return true
		}
	}
	return false
}
