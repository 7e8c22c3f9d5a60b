package oracle

import (
	"cmp"
	"slices"
	"strings"

	"wenguo/ingest"
)

// happening is one distinct event as a complaint's story tells it.
type happening struct {
	at   instant
	id   string
	kind ingest.Kind
	role ingest.Role
	data any
	// bus is the earliest time at which a copy reached the bus; none when only backfilled ones did.
	bus instant

	// round in which it lies, from 0; of the events before the registration it is 0.
	round int
	// open says whether the complaint was open when it came; acts whether it changed that.
	open, acts bool
}

func (h *happening) human() bool {
	return h.role == ingest.RoleAgent || h.role == ingest.RoleDepartment
}

// round is one treatment of a complaint, from its registration or reopening to its end.
type round struct {
	start instant
	// end and by what the round ended; none and nil while it lasts. An end by closed is a resolution.
	end    instant
	ending *happening
	how    ingest.Kind
	// unasked is when a reopening, withdrawal, rejection or merge after the end made the survey pointless.
	unasked instant
}

func (r round) resolved() bool { return r.how == ingest.KindResolved }

// given is one value of a field and when it was given.
type given struct {
	at    instant
	value string
}

// story is what is known of a complaint as of an instant.
type story struct {
	id   string
	asOf instant
	// before are the events that precede the registration, events the registration and everything after it.
	before, events []*happening
	registered     instant
	rounds         []round
	// pauses are in order; an open one lasts until asOf.
	pauses []span
	fields map[string][]given
	values values
	// customer is who complained: an id, else a phone; empty for nobody.
	customer string
	issue    string
}

// tell reads a complaint's stored events as of an instant; nil while it has no registration.
func tell(id string, stored []ingest.Stored, asOf instant) *story {
	distinct, erased := collapse(stored)
	s := &story{id: id, asOf: asOf, fields: map[string][]given{}}
	distinct = slices.DeleteFunc(distinct, func(h *happening) bool { return h.at > asOf })
	slices.SortFunc(distinct, func(a, b *happening) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(rank(a), rank(b)), strings.Compare(a.id, b.id))
	})
	first := slices.IndexFunc(distinct, func(h *happening) bool { return h.kind == ingest.KindRegistered })
	if first < 0 {
		return nil
	}
	s.before, s.registered = distinct[:first], distinct[first].at
	for i, h := range distinct[first:] {
		if i == 0 || h.kind != ingest.KindRegistered {
			s.events = append(s.events, h)
		}
	}
	s.live()
	s.collect()
	if !erased {
		s.customer = identity(s.last("customer"), s.last("phone"))
	}
	return s
}

// rank puts a registration before everything else of its instant.
func rank(h *happening) int {
	if h.kind == ingest.KindRegistered {
		return 0
	}
	return 1
}

// collapse makes one happening of all copies of an event: the content of the lowest offset, the earliest bus time.
func collapse(stored []ingest.Stored) (distinct []*happening, erased bool) {
	stored = slices.Clone(stored)
	slices.SortFunc(stored, func(a, b ingest.Stored) int { return cmp.Compare(a.Offset, b.Offset) })
	byID := map[string]*happening{}
	for _, e := range stored {
		h := byID[e.EventID]
		if h == nil {
			h = &happening{at: e.OccurredAt.UnixMilli(), id: e.EventID, kind: e.Kind, role: e.Actor.Role, data: e.Data, bus: none}
			byID[e.EventID] = h
			distinct = append(distinct, h)
			erased = erased || h.kind == ingest.KindErased
		}
		if bus := e.BusTime.UnixMilli(); !e.Backfill && (h.bus == none || bus < h.bus) {
			h.bus = bus
		}
	}
	return distinct, erased
}

// identity is whose complaint it is. Nobody writes 86 before a number of theirs in another sense than China's.
func identity(id, phone string) string {
	if id != "" {
		return "id " + id
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	digits = strings.TrimPrefix(digits, "86")
	if digits == "" {
		return ""
	}
	return "phone " + digits
}

// live walks through the states: rounds, ends, pauses.
func (s *story) live() {
	s.rounds = []round{{start: s.registered, end: none, unasked: none}}
	open, paused := true, none
	for _, h := range s.events[1:] {
		r := &s.rounds[len(s.rounds)-1]
		h.round, h.open = len(s.rounds)-1, open
		switch h.kind {
		case ingest.KindPaused:
			if open && paused == none {
				paused = h.at
			}
		case ingest.KindResumed:
			paused = s.endPause(paused, h.at)
		case ingest.KindResolved, ingest.KindClosed, ingest.KindWithdrawn, ingest.KindRejected, ingest.KindMerged:
			if !open {
				if h.kind != ingest.KindResolved && h.kind != ingest.KindClosed && r.unasked == none {
					r.unasked = h.at
				}
				break
			}
			paused = s.endPause(paused, h.at)
			open, h.acts = false, true
			r.end, r.ending, r.how = h.at, h, h.kind
			if h.kind == ingest.KindClosed {
				r.how = ingest.KindResolved
			}
		case ingest.KindReopened:
			if open {
				break
			}
			if r.unasked == none {
				r.unasked = h.at
			}
			open, h.acts = true, true
			s.rounds = append(s.rounds, round{start: h.at, end: none, unasked: none})
			h.round = len(s.rounds) - 1
		}
	}
	s.endPause(paused, s.asOf)
}

// endPause ends the pause that began at from, if one did.
func (s *story) endPause(from, to instant) instant {
	if from != none && from < to {
		s.pauses = append(s.pauses, span{from, to})
	}
	return none
}

// isOpen says whether the complaint is open at asOf.
func (s *story) isOpen() bool { return s.lastRound().end == none }

func (s *story) lastRound() round { return s.rounds[len(s.rounds)-1] }

// endedBy says whether the complaint is ended at asOf, and that so.
func (s *story) endedBy(how ingest.Kind) bool { return s.lastRound().how == how }
