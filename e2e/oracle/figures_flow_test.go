package oracle

import (
	"slices"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// everything is every event of the complaint but ignored registrations.
func (s *story) everything() []*happening { return slices.Concat(s.before, s.events) }

func handlingTime(q *question) kpi.Value {
	var gross, net []instant
	for _, s := range q.in {
		r := s.lastRound()
		if !r.resolved() || !q.within(r.end) || s.impossible("resolve") {
			continue
		}
		whole := r.end - s.registered
		gross = append(gross, whole)
		for _, p := range s.pauses {
			whole -= p.to - p.from
		}
		for i := range len(s.rounds) - 1 {
			whole -= s.rounds[i+1].start - s.rounds[i].end
		}
		net = append(net, whole)
	}
	v := lengths(gross, 50)
	if len(gross) > 0 {
		v.Distribution = map[string]float64{}
		for days, name := range map[instant]string{3: "3", 7: "7", 15: "15", 30: "30"} {
			n := 0
			for _, ms := range gross {
				if ms <= days*day {
					n++
				}
			}
			v.Distribution[name] = float64(n) / float64(len(gross))
		}
	}
	v.More = map[string]kpi.Value{"net": lengths(net, 50)}
	return v
}

func completion(q *question) kpi.Value {
	part, whole, pending := 0, 0, 0
	for _, s := range q.registered() {
		switch s.lastRound().how {
		case ingest.KindWithdrawn, ingest.KindRejected, ingest.KindMerged:
			continue
		}
		whole++
		if s.lastRound().resolved() {
			part++
		}
		if s.isOpen() && q.asOf <= s.resolveDue() {
			pending++
		}
	}
	if q.asOf < q.to+72*hour {
		return rate(part, whole, pending, kpi.Immature)
	}
	return rate(part, whole, pending)
}

func (s *told) resolveDue() instant {
	i := slices.IndexFunc(s.clocks, func(c clock) bool { return c.stage == "resolve" })
	return s.clocks[i].due
}

// strip counts what came, went and stayed.
func strip(q *question) kpi.Strip {
	var out kpi.Strip
	for _, s := range q.in {
		if s.openBefore(q.from) {
			out.Opening++
		}
		if s.openBefore(q.to) {
			out.Closing++
		}
		if q.within(s.registered) {
			out.Registered++
		}
		for i, r := range s.rounds {
			if i > 0 && q.within(r.start) {
				out.Reopened++
			}
			if r.end == none || !q.within(r.end) {
				continue
			}
			switch r.how {
			case ingest.KindResolved:
				out.Resolved++
			case ingest.KindMerged:
				out.Merged++
			default:
				out.Withdrawn++
			}
		}
	}
	return out
}

// openBefore says whether the complaint was open just before an instant, as far as is known.
func (s *story) openBefore(at instant) bool {
	for _, r := range s.rounds {
		if r.start < at && (r.end == none || r.end >= at) {
			return true
		}
	}
	return false
}

func throughput(q *question) kpi.Value { return count(int(strip(q).Resolved)) }

func backlog(q *question) kpi.Value { return count(int(strip(q).Closing)) }

func backlogAge(q *question) kpi.Value {
	var ages []instant
	at := min(q.to, q.asOf)
	for _, s := range q.in {
		if s.openBefore(q.to) {
			ages = append(ages, at-s.registered)
		}
	}
	v := lengths(ages, 50)
	if len(ages) == 0 {
		return v
	}
	v.Distribution = map[string]float64{}
	names, bounds := []string{"0", "1", "3", "7", "15", "30", "60"}, []instant{0, 1, 3, 7, 15, 30, 60}
	for i, name := range names {
		n := 0
		for _, age := range ages {
			if age >= bounds[i]*day && (i == len(bounds)-1 || age < bounds[i+1]*day) {
				n++
			}
		}
		v.Distribution[name] = float64(n) / float64(len(ages))
	}
	return v
}

// reopen follows every resolution of the period for 30 days.
func reopen(q *question) kpi.Value {
	part, whole, pending := 0, 0, 0
	for _, s := range q.in {
		for i, r := range s.rounds {
			if !r.resolved() || !q.within(r.end) {
				continue
			}
			if r.end+30*day > q.asOf {
				pending++
				continue
			}
			whole++
			if s.reopenedSoon(i) {
				part++
			}
		}
	}
	return rate(part, whole, pending)
}

// reopenedSoon says whether the end of a round was followed by a reopening within 30 days.
func (s *story) reopenedSoon(i int) bool {
	return i+1 < len(s.rounds) && s.rounds[i+1].start <= s.rounds[i].end+30*day
}

func escalation(q *question) kpi.Value {
	return q.share(func(s *told) bool { return s.has(ingest.KindEscalated) })
}

// has says whether an event of the kind happened from the registration on.
func (s *story) has(kind ingest.Kind) bool { return s.index(kind) >= 0 }

// index is where the first event of the kind stands; −1 without one.
func (s *story) index(kind ingest.Kind) int {
	return slices.IndexFunc(s.events, func(h *happening) bool { return h.kind == kind })
}

func longestSilence(q *question) kpi.Value {
	var all []instant
	for _, s := range q.registered() {
		end := s.lastRound().end
		if end == none {
			end = q.asOf
		}
		heard, longest := s.registered, instant(0)
		for _, h := range s.events {
			if s.isSign(h) && h.at <= end {
				longest = max(longest, h.at-heard)
				heard = h.at
			}
		}
		all = append(all, max(longest, end-heard))
	}
	return lengths(all, 90)
}

// isSign says whether the customer hears something: from a human, or from whomever if it is a contact, a plan or
// the resolution.
func (s *story) isSign(h *happening) bool {
	switch h.kind {
	case ingest.KindAcknowledged:
		return replies(h)
	case ingest.KindContacted:
		return touches(h)
	case ingest.KindPlanProposed:
		return true
	case ingest.KindResolved, ingest.KindClosed:
		return h.acts
	}
	return false
}

func selfService(q *question) kpi.Value { return q.share(func(s *told) bool { return s.selfServed() }) }

// selfServed says whether the complaint stands resolved without any human.
func (s *story) selfServed() bool {
	r := s.lastRound()
	if !r.resolved() {
		return false
	}
	d, ok := r.ending.data.(*ingest.Resolved)
	if r.ending.role != ingest.RoleBot && r.ending.role != ingest.RoleSystem && (!ok || !d.BySelfService) {
		return false
	}
	for _, h := range s.events {
		if h.human() {
			return false
		}
		if h == r.ending {
			break
		}
	}
	return true
}

func stepCoverage(q *question) kpi.Value {
	part, whole := 0, 0
	for _, s := range q.in {
		i := s.index(ingest.KindClosed)
		if i < 0 || !q.within(s.events[i].at) || s.selfServed() {
			continue
		}
		whole++
		if s.has(ingest.KindDispatched) && s.has(ingest.KindResolved) && s.has(ingest.KindSurveyed) {
			part++
		}
	}
	return rate(part, whole, 0)
}

func issueShare(q *question) kpi.Value {
	v := q.share(func(s *told) bool { return s.issue != "" })
	v.More = map[string]kpi.Value{"unclustered": q.share(func(s *told) bool { return s.issue == "" })}
	return v
}
