package oracle

import (
	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// onTime is the rate of a stage's clocks by the period of their due instants.
func onTime(q *question, stage string) kpi.Value {
	part, whole, pending := 0, 0, 0
	for _, s := range q.in {
		for _, c := range s.clocks {
			if c.stage != stage || c.due < q.from || c.due >= q.to || c.verdict == cancelled || c.verdict == anomalous {
				continue
			}
			switch {
			case c.due >= q.asOf:
				pending++
			case c.verdict == met:
				part++
				whole++
			default:
				whole++
			}
		}
	}
	v := rate(part, whole, pending)
	v.Anomalies = anomalies(q, stage)
	return v
}

// anomalies counts complaints registered in the period that have an impossible clock of the stage.
func anomalies(q *question, stage string) *kpi.Ratio {
	r := &kpi.Ratio{}
	for _, s := range q.counted() {
		r.Denominator++
		if s.impossible(stage) {
			r.Numerator++
		}
	}
	return r
}

func (s *told) impossible(stage string) bool {
	for _, c := range s.clocks {
		if c.stage == stage && c.verdict == anomalous {
			return true
		}
	}
	return false
}

func firstResponse(q *question) kpi.Value {
	var all []waited
	replied, pending := 0, 0
	for _, s := range q.registered() {
		if s.impossible("acknowledge") {
			continue
		}
		w := waited{replied: true}
		until, end := s.firstReply(), s.rounds[0].end
		if until == none || end != none && until > end {
			w.replied, until = false, end
		}
		if until == none {
			until = q.asOf
			pending++
		}
		if w.replied {
			replied++
		}
		w.length = s.promised(q.policies, "acknowledge", s.registered).calendar.between(s.registered, until)
		all = append(all, w)
	}
	v := kpi.Value{
		N: int64(len(all)), Numerator: int64(replied), Denominator: int64(len(all)), Pending: int64(pending),
		P50: reached(all, 0.5), P90: reached(all, 0.9), P95: reached(all, 0.95), State: state(len(all)),
	}
	v.Value = v.P50
	if v.P50 == nil && v.State == kpi.OK {
		v.State = kpi.NotReached
	}
	return v
}

func missed(q *question) kpi.Value {
	part, whole, pending := 0, 0, 0
	for _, s := range q.counted() {
		whole++
		if s.impossible("acknowledge") {
			continue
		}
		p := s.promised(q.policies, "acknowledge", s.registered)
		limit := p.calendar.due(s.registered, 4*p.target, nil)
		reply, end := s.firstReply(), s.rounds[0].end
		until := q.asOf
		for _, at := range []instant{reply, end} {
			if at != none {
				until = min(until, at)
			}
		}
		switch {
		case until > limit || s.abandoned():
			part++
		case reply == none && end == none:
			pending++
		}
	}
	return rate(part, whole, pending)
}

// abandoned says whether the customer withdrew before anybody replied, in whatever round.
func (s *story) abandoned() bool {
	for _, h := range s.events {
		if replies(h) {
			return false
		}
		if h.kind == ingest.KindWithdrawn && h.acts {
			return true
		}
	}
	return false
}

// promiseKept follows the dates that were promised to customers.
func promiseKept(q *question) kpi.Value {
	part, whole, pending := 0, 0, 0
	for _, s := range q.in {
		for i, r := range s.rounds {
			due := s.promise(i)
			if due == none || due < q.from || due >= q.to {
				continue
			}
			if r.end != none && !r.resolved() && r.end <= due {
				continue
			}
			switch {
			case due >= q.asOf:
				pending++
			case r.resolved() && r.end <= due:
				part++
				whole++
			default:
				whole++
			}
		}
	}
	return rate(part, whole, pending)
}

// promise is the date a round promised in the end: one made after the earlier ran out does not count.
func (s *story) promise(round int) instant {
	due := none
	for _, h := range s.events {
		d, ok := h.data.(*ingest.Plan)
		if !ok || h.kind != ingest.KindPlanProposed || h.round != round || !h.open || d.DueAt == nil {
			continue
		}
		if due == none || h.at <= due {
			due = d.DueAt.UnixMilli()
		}
	}
	return due
}

// syncLag measures the way of every event to the bus.
func syncLag(q *question) kpi.Value {
	var all []instant
	within, negative := 0, 0
	for _, s := range q.in {
		for _, h := range s.everything() {
			if h.bus == none || !q.within(h.at) {
				continue
			}
			lag := h.bus - h.at
			if lag < 0 {
				negative++
				continue
			}
			all = append(all, lag)
			if lag <= 300*second {
				within++
			}
		}
	}
	v := lengths(all, 95)
	v.Numerator, v.Denominator = int64(within), int64(len(all))
	v.Anomalies = &kpi.Ratio{Numerator: int64(negative), Denominator: int64(negative + len(all))}
	v.More = map[string]kpi.Value{"within_300s": rate(within, len(all), 0)}
	return v
}
