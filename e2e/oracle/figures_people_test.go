package oracle

import (
	"slices"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// deviation looks for what was put right after the first dispatch.
func deviation(q *question) kpi.Value {
	return q.ofDispatched(func(s *told) bool {
		category, priority, department, dispatched := "", "", "", false
		for _, h := range s.everything() {
			switch d := h.data.(type) {
			case *ingest.Registered:
				category, priority = or(d.Category, category), or(d.Priority, priority)
			case *ingest.Classified:
				category, priority = or(d.Category, category), or(d.Priority, priority)
			case *ingest.Corrected:
				f := d.Fields
				if dispatched && (differs(category, f.Category) || differs(priority, f.Priority)) {
					return true
				}
				category, priority = or(f.Category, category), or(f.Priority, priority)
			case *ingest.Assigned:
				department = d.Department
			case *ingest.Transferred:
				if dispatched && d.Reason == "routing" && d.To != or(d.From, department) {
					return true
				}
				department = d.To
			}
			dispatched = dispatched || h.kind == ingest.KindDispatched && !s.early(h)
		}
		return false
	})
}

// early says whether an event precedes the registration.
func (s *story) early(h *happening) bool { return slices.Contains(s.before, h) }

func or(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

// differs says whether a correction changes a value that was there to another one.
func differs(old, corrected string) bool { return old != "" && corrected != "" && old != corrected }

// ofDispatched is a rate of the complaints first dispatched in the period.
func (q *question) ofDispatched(has func(*told) bool) kpi.Value {
	part, whole := 0, 0
	for _, s := range q.in {
		i := s.index(ingest.KindDispatched)
		if i < 0 || !q.within(s.events[i].at) {
			continue
		}
		whole++
		if has(s) {
			part++
		}
	}
	return rate(part, whole, 0)
}

// bounce looks for departments that pass a complaint back.
func bounce(q *question) kpi.Value {
	return q.ofDispatched(func(s *told) bool {
		department, round := "", 0
		for _, h := range s.before {
			switch d := h.data.(type) {
			case *ingest.Assigned:
				department = d.Department
			case *ingest.Transferred:
				department = d.To
			}
		}
		held := map[string]bool{}
		for _, h := range s.events {
			if h.round != round {
				held, round = map[string]bool{}, h.round
			}
			switch d := h.data.(type) {
			case *ingest.Assigned:
				department = d.Department
				held[department] = true
			case *ingest.Transferred:
				sender := or(d.From, department)
				if d.Reason == "bounce" || d.To != sender && held[d.To] {
					return true
				}
				held[sender], held[d.To] = true, true
				department = d.To
			}
		}
		return false
	})
}

func handoverUnnamed(q *question) kpi.Value {
	part, whole := 0, 0
	for _, s := range q.in {
		for _, h := range s.events {
			if d, ok := h.data.(*ingest.Transferred); ok && q.within(h.at) {
				whole++
				if d.ToOwner == "" {
					part++
				}
			}
		}
	}
	return rate(part, whole, 0)
}

func verifiedOK(q *question) kpi.Value {
	part, whole := 0, 0
	for _, s := range q.in {
		var last *ingest.Verified
		for _, h := range s.events {
			if d, ok := h.data.(*ingest.Verified); ok && q.within(h.at) {
				last = d
			}
		}
		if last == nil {
			continue
		}
		whole++
		if *last.Accepted {
			part++
		}
	}
	return rate(part, whole, 0)
}

// rating is a valid score and when it was given.
type rating struct {
	at    instant
	score float64
	index int
}

// ratings are the valid ones in order.
func (s *story) ratings() []rating {
	var all []rating
	for i, h := range s.events {
		if score := validScore(h); score > 0 {
			all = append(all, rating{h.at, score, i})
		}
	}
	return all
}

// validScore is the score of an answer if it is a whole number from 1 to 5; otherwise 0.
func validScore(h *happening) float64 {
	d, ok := h.data.(*ingest.Surveyed)
	if !ok || d.Score == nil {
		return 0
	}
	for score := 1.0; score <= 5; score++ {
		if *d.Score == score {
			return score
		}
	}
	return 0
}

func satisfaction(q *question) kpi.Value {
	var first, last []float64
	offered, answered, satisfied := 0, 0, 0
	for _, s := range q.in {
		if all := s.ratings(); len(all) > 0 {
			if r := all[len(all)-1]; q.within(r.at) {
				last = append(last, r.score)
			}
			if q.within(all[0].at) {
				first = append(first, all[0].score)
			}
		}
		for at, answer := range s.surveys() {
			if !q.within(at) {
				continue
			}
			offered++
			if answer == nil {
				continue
			}
			answered++
			if validScore(answer) >= 4 {
				satisfied++
			}
		}
	}
	silent := offered - answered
	v := scores(last)
	v.Pending = int64(silent)
	bounds := rate(satisfied, offered, silent)
	if offered > 0 {
		bounds.Interval = &[2]float64{float64(satisfied) / float64(offered), float64(satisfied+silent) / float64(offered)}
	}
	v.More = map[string]kpi.Value{"first": scores(first), "participation": rate(answered, offered, silent), "non_response": bounds}
	return v
}

// surveys are the offers made to the customer, each with its last answer; nil for silence.
func (s *story) surveys() map[instant]*happening {
	offers := map[instant]*happening{}
	for _, h := range s.events {
		d, ok := h.data.(*ingest.Surveyed)
		if !ok {
			continue
		}
		at := offeredAt(h)
		if d.Answered || d.Score != nil {
			offers[at] = h
		} else if _, known := offers[at]; !known {
			offers[at] = nil
		}
	}
	return offers
}

// scores is the share of 4 and 5 among ratings, and their mean.
func scores(all []float64) kpi.Value {
	good, sum := 0, 0.0
	for _, score := range all {
		sum += score
		if score >= 4 {
			good++
		}
	}
	v := rate(good, len(all), 0)
	if len(all) > 0 {
		v.Mean = new(sum / float64(len(all)))
	}
	return v
}

func dissatisfiedRedo(q *question) kpi.Value {
	part, whole := 0, 0
	for _, s := range q.in {
		for _, r := range s.ratings() {
			if r.score > 3 || !q.within(r.at) {
				continue
			}
			whole++
			for _, h := range s.events[r.index+1:] {
				if h.kind == ingest.KindReopened && h.acts {
					part++
					break
				}
			}
			break
		}
	}
	return rate(part, whole, 0)
}
