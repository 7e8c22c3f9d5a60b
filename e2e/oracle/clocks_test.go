package oracle

import (
	"slices"

	"wenguo/ingest"
)

// verdict is what is known of a clock as of the story's instant.
type verdict int

const (
	running verdict = iota
	met
	late
	cancelled
	anomalous
)

// clock is one run of one promise.
type clock struct {
	stage string
	start instant
	due   instant
	// verdict of an unfinished clock is late once the story's instant lies after due.
	verdict verdict
}

// judge works a clock out. All its instants are compared as such: a finish in the millisecond of the start or of the
// end is in time. finish and end are none when they have not happened.
func (s *story) judge(stage string, start instant, p promise, finish, end instant) clock {
	if finish != none && end != none && finish > end {
		finish = none
	}
	stop := s.asOf
	switch {
	case finish >= start:
		stop = finish
	case end != none:
		stop = end
	}
	var pauses []span
	if p.pauses {
		pauses = s.pausesUntil(stop)
	}
	return s.decide(clock{stage: stage, start: start, due: p.calendar.due(start, p.target, pauses)}, finish, end)
}

// decide gives the verdict of a clock whose due is known.
func (s *story) decide(c clock, finish, end instant) clock {
	switch {
	case finish != none && finish < c.start:
		c.verdict = anomalous
	case finish != none && finish <= c.due:
		c.verdict = met
	case finish != none:
		c.verdict = late
	case end != none && end <= c.due:
		c.verdict = cancelled
	case s.asOf > c.due || end != none:
		c.verdict = late
	}
	return c
}

// pausesUntil are the pauses of the complaint up to an instant.
func (s *story) pausesUntil(stop instant) []span {
	var cut []span
	for _, p := range s.pauses {
		if p.from < stop {
			cut = append(cut, span{p.from, min(p.to, stop)})
		}
	}
	return cut
}

// promised is what the policy in force at the start promises for the values in force at the start.
func (s *story) promised(p policies, stage string, start instant) promise {
	return p.at(start, stage, s.valuesAt(start))
}

// clocks lists every clock of the complaint.
func (s *story) clocks(p policies) []clock {
	run := func(stage string, start, finish, end instant) clock {
		return s.judge(stage, start, s.promised(p, stage, start), finish, end)
	}
	first := s.rounds[0]
	all := []clock{
		run("acknowledge", s.registered, s.firstReply(), first.end),
		run("dispatch", s.registered, s.firstOf(0, ingest.KindDispatched), first.end),
		run("resolve", s.registered, s.resolution(0), first.end),
	}
	for i, r := range s.rounds {
		if i > 0 {
			all = append(all, run("redo", r.start, s.resolution(i), r.end))
		}
		if start := s.startOf(i, ingest.KindDispatched); start != none {
			all = append(all, run("confirm", start, s.firstOf(i, ingest.KindConfirmed), r.end))
		}
		if start := s.startOf(i, ingest.KindConfirmed); start != none {
			all = append(all, run("plan", start, s.firstOf(i, ingest.KindPlanProposed), r.end))
		}
		if r.resolved() {
			all = append(all, run("survey", r.end, s.firstOffer(i), r.unasked))
		}
	}
	return append(all, s.assists(p)...)
}

// replies says whether an event is a human reply that the customer can hear. A resolution counts where it ends the
// complaint, and a closed that acts as one is one.
func replies(h *happening) bool {
	return h.human() && (touches(h) || h.acts && (h.kind == ingest.KindResolved || h.kind == ingest.KindClosed))
}

// touches says whether an event reaches the customer without being the resolution, whoever does it.
func touches(h *happening) bool {
	switch d := h.data.(type) {
	case *ingest.Acknowledged:
		return !d.Internal
	case *ingest.Contacted:
		return d.Direction == "out"
	}
	return false
}

// firstReply is the first human reply of the first round, also before the registration, where there is no state that
// a resolved could change. A reply of a later round is none, not even in the millisecond in which the first ended.
func (s *story) firstReply() instant {
	for _, h := range s.before {
		if replies(h) || h.human() && h.kind == ingest.KindResolved {
			return h.at
		}
	}
	for _, h := range s.events {
		if h.round == 0 && replies(h) {
			return h.at
		}
	}
	return none
}

// firstOf is the first event of a kind in a round; the first round includes what came before the registration.
func (s *story) firstOf(round int, kind ingest.Kind) instant {
	all := s.events
	if round == 0 {
		all = slices.Concat(s.before, s.events)
	}
	for _, h := range all {
		if h.round == round && h.kind == kind {
			return h.at
		}
	}
	return none
}

// startOf is the first event of a kind in a round that may start a clock: after the registration, not after the end.
func (s *story) startOf(round int, kind ingest.Kind) instant {
	for _, h := range s.events {
		if h.round == round && h.kind == kind && h.open {
			return h.at
		}
	}
	return none
}

// resolution is when the round was resolved. A resolved before the registration makes the first round impossible.
func (s *story) resolution(round int) instant {
	if round == 0 {
		for _, h := range s.before {
			if h.kind == ingest.KindResolved {
				return h.at
			}
		}
	}
	if r := s.rounds[round]; r.resolved() {
		return r.end
	}
	return none
}

// firstOffer is the first survey offer that lies in the round. Events that name one instant are one survey, offered by
// the first of them.
func (s *story) firstOffer(round int) instant {
	earliest, seen := none, map[instant]bool{}
	for _, h := range s.offers() {
		at := offeredAt(h)
		if seen[at] {
			continue
		}
		seen[at] = true
		if at <= s.asOf && s.roundOfOffer(h) == round && (earliest == none || at < earliest) {
			earliest = at
		}
	}
	return earliest
}

// offers are the events about surveys, those first that made their offer themselves.
func (s *story) offers() []*happening {
	var own, named []*happening
	for _, h := range s.everything() {
		switch {
		case h.kind != ingest.KindSurveyed:
		case offeredAt(h) == h.at:
			own = append(own, h)
		default:
			named = append(named, h)
		}
	}
	return append(own, named...)
}

// offeredAt is which survey an event belongs to: the instant of its offer.
func offeredAt(h *happening) instant {
	if d, ok := h.data.(*ingest.Surveyed); ok && d.OfferedAt != nil {
		return d.OfferedAt.UnixMilli()
	}
	return h.at
}

// roundOfOffer is the round in which an offer lies. An offer made by its own event has that event's place in the order;
// one named for another instant has no place but that instant, and a round begins with its reopening.
func (s *story) roundOfOffer(h *happening) int {
	at := offeredAt(h)
	if at == h.at {
		return h.round
	}
	for i, r := range slices.Backward(s.rounds) {
		if i > 0 && r.start <= at {
			return i
		}
	}
	return 0
}

// assists are the clocks of the second departments' shares.
func (s *story) assists(p policies) []clock {
	var all []clock
	for i, h := range s.events {
		d, ok := h.data.(*ingest.AssistRequested)
		if !ok || !h.open {
			continue
		}
		finish := none
		for j, later := range s.events {
			done, ok := later.data.(*ingest.AssistDone)
			if ok && done.Department == d.Department && later.at >= h.at && i != j {
				finish = later.at
				break
			}
		}
		end := s.rounds[h.round].end
		if d.DueAt == nil {
			all = append(all, s.judge("assist", h.at, s.promised(p, "assist", h.at), finish, end))
			continue
		}
		if finish != none && end != none && finish > end {
			finish = none
		}
		all = append(all, s.decide(clock{stage: "assist", start: h.at, due: d.DueAt.UnixMilli()}, finish, end))
	}
	return all
}
