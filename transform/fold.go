package transform

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"time"

	"wenguo/ingest"
	"wenguo/transform/sla"
)

// Fold makes the fact of one complaint from the set of its events: any order, any repetition, the same fact. It reports
// false for an orphan, a complaint whose registered event has not arrived.
func Fold(events []ingest.Stored, rules Rules) (Complaint, bool) {
	return fold(distinct(events), rules)
}

// FoldAt makes the fact as of an instant, from the events that had occurred by then, however late they arrived. Erasure
// holds for every instant, also earlier ones. A complaint without any event by then has an empty ID.
func FoldAt(events []ingest.Stored, rules Rules, at time.Time) (Complaint, bool) {
	set := distinct(events)
	set.events = slices.DeleteFunc(set.events, func(e event) bool { return e.OccurredAt.After(at) })
	if len(set.events) == 0 {
		return Complaint{}, false
	}
	c, known := fold(set, rules)
	c.Trace = Trace{} // it tells of stored facts, and this one is none
	return c, known
}

// event is a distinct event: the content that counts, and the earliest time any copy of it reached the bus.
type event struct {
	ingest.Event
	busAt time.Time
}

// set is the distinct events of one complaint in order.
type set struct {
	events    []event
	contents  int
	conflicts bool
	erased    bool
	// registered are the instants of all contents that register; lowest is the event id with the lowest offset.
	registered []time.Time
	lowest     string
}

// distinct collapses copies: of two contents under one event id the lowest offset counts.
func distinct(stored []ingest.Stored) set {
	byOffset := slices.Clone(stored)
	slices.SortFunc(byOffset, func(a, b ingest.Stored) int {
		return cmp.Or(cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Partition, b.Partition))
	})
	out := set{erased: erased(byOffset)}
	var contents []ingest.Event
	lowest := int64(math.MaxInt64)
	for _, s := range byOffset {
		if out.erased { // the same before and after the store forgets
			s.Event = Erase(s.Event)
		}
		if s.Offset < lowest {
			lowest, out.lowest = s.Offset, s.EventID
		}
		n := len(out.events)
		if n == 0 || out.events[n-1].EventID != s.EventID {
			out.events = append(out.events, event{Event: s.Event})
			contents = contents[:0]
			n++
		}
		e := &out.events[n-1]
		if !slices.ContainsFunc(contents, func(c ingest.Event) bool { return reflect.DeepEqual(c, s.Event) }) {
			out.conflicts = out.conflicts || len(contents) > 0
			contents = append(contents, s.Event)
			out.contents++
			if s.Kind == ingest.KindRegistered {
				out.registered = append(out.registered, s.OccurredAt)
			}
		}
		if !s.Backfill && !s.BusTime.IsZero() && (e.busAt.IsZero() || s.BusTime.Before(e.busAt)) {
			e.busAt = s.BusTime
		}
	}
	slices.SortFunc(out.events, func(a, b event) int {
		return cmp.Or(a.OccurredAt.Compare(b.OccurredAt), first(a, b), cmp.Compare(a.EventID, b.EventID))
	})
	return out
}

// erased says whether a content that counts asks to forget the customer; events are sorted by id and offset.
func erased(byOffset []ingest.Stored) bool {
	for i, s := range byOffset {
		if s.Kind == ingest.KindErased && (i == 0 || byOffset[i-1].EventID != s.EventID) {
			return true
		}
	}
	return false
}

// first puts registered before the other events of its instant.
func first(a, b event) int {
	rank := func(e event) int {
		if e.Kind == ingest.KindRegistered {
			return 0
		}
		return 1
	}
	return rank(a) - rank(b)
}

// folder holds what the parts of the fold share. Events are numbered by their order; reg is the registration's number,
// and events before it move no state.
type folder struct {
	c      *Complaint
	rules  Rules
	events []event
	reg    int
	rounds []round
	// roundOf is the index of each event's round; events before the registration are in the first.
	roundOf []int
	pauses  []sla.Interval
	given   values
	// department before each event, as a transfer's sender.
	departments []string
	anomalies   map[string]bool
}

// round is a Round with the numbers of its events: it takes [from, next), and its end is event end, -1 while open.
type round struct {
	from, end, next int
}

func fold(s set, rules Rules) (Complaint, bool) {
	c := Complaint{
		Version:     uint64(rules.Revision)<<32 | uint64(s.contents), //nolint:gosec // a count is not negative
		Events:      len(s.events),
		Conflicting: s.conflicts, Erased: s.erased, Orphan: true, State: Open,
	}
	if len(s.events) == 0 {
		return c, false
	}
	if s.erased {
		c.Version |= erasedVersion
	}
	c.ID = s.events[0].ComplaintID
	c.FirstEventAt, c.LastEventAt = s.events[0].OccurredAt, s.events[len(s.events)-1].OccurredAt
	f := folder{c: &c, rules: rules, anomalies: map[string]bool{}}
	f.reg = -1
	for _, e := range s.events {
		ignored := e.Kind == ingest.KindRegistered && f.reg >= 0
		c.Timeline = append(c.Timeline, Step{
			EventID: e.EventID, Kind: e.Kind, At: e.OccurredAt, Role: e.Actor.Role, Department: e.Actor.Department, Ignored: ignored,
		})
		if ignored {
			f.anomalies[AnomalySeveralRegistered] = true
			continue
		}
		if e.Kind == ingest.KindRegistered {
			f.reg = len(f.events)
		}
		f.events = append(f.events, e)
	}
	if f.reg < 0 {
		return c, false
	}
	c.Orphan = false
	c.RegisteredAt = f.events[f.reg].OccurredAt
	if f.reg > 0 {
		f.anomalies[AnomalyBeforeRegistered] = true
	}
	f.states()
	f.fields()
	f.flow()
	f.voice()
	f.clocks()
	f.response()
	f.handling()
	f.journey()
	f.trace(s)
	f.lags()
	for name := range f.anomalies {
		c.Anomalies = append(c.Anomalies, name)
	}
	slices.Sort(c.Anomalies)
	return c, true
}

// lags are those of every distinct event whose bus time is known; ignored registrations have none.
func (f *folder) lags() {
	for _, e := range f.events {
		if e.busAt.IsZero() {
			continue
		}
		f.c.SyncLags = append(f.c.SyncLags, SyncLag{OccurredAt: e.OccurredAt, BusAt: e.busAt})
		if e.busAt.Before(e.OccurredAt) {
			f.anomalies[AnomalyNegativeLag] = true
		}
	}
}

// handling measures the standing resolution.
func (f *folder) handling() {
	if f.c.State != Resolved || f.anomalies[AnomalyClock+string(sla.Resolve)] {
		return
	}
	h := Handling{Known: true, Gross: f.c.EndedAt.Sub(f.c.RegisteredAt)}
	h.Net = h.Gross
	for _, p := range f.c.Pauses {
		h.Net -= p.EndedAt.Sub(p.StartedAt)
	}
	for _, r := range f.c.Rounds {
		if !r.ReopenedAt.IsZero() {
			h.Net -= r.ReopenedAt.Sub(r.EndedAt)
		}
	}
	f.c.Handling = h
}

func (f *folder) trace(s set) {
	for _, t := range s.registered {
		if !t.Equal(f.c.RegisteredAt) {
			f.c.Trace.RegisteredElsewhere = append(f.c.Trace.RegisteredElsewhere, t)
		}
	}
	slices.SortFunc(f.c.Trace.RegisteredElsewhere, time.Time.Compare)
	f.c.Trace.WasOrphan = s.lowest != f.events[f.reg].EventID
}
