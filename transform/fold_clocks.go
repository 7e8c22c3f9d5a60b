package transform

import (
	"time"

	"wenguo/ingest"
	"wenguo/transform/sla"
)

// clocks runs every promise of every round. Acknowledge, dispatch and resolve run once, from the registration; a
// reopening has its own redo, confirm, plan and survey.
func (f *folder) clocks() {
	for n := range f.rounds {
		r := f.c.Rounds[n]
		resolution := time.Time{}
		if r.EndedAs == Resolved {
			resolution = r.EndedAt
		}
		if n == 0 {
			f.run(sla.Acknowledge, n, f.c.RegisteredAt, f.earliest(n, f.humanReply), r.EndedAt)
			f.run(sla.Dispatch, n, f.c.RegisteredAt, f.earliest(n, f.is(ingest.KindDispatched)), r.EndedAt)
		}
		if started := f.start(n, ingest.KindDispatched); !started.IsZero() {
			f.run(sla.Confirm, n, started, f.earliest(n, f.is(ingest.KindConfirmed)), r.EndedAt)
		}
		if started := f.start(n, ingest.KindConfirmed); !started.IsZero() {
			f.run(sla.Plan, n, started, f.earliest(n, f.is(ingest.KindPlanProposed)), r.EndedAt)
		}
		if n == 0 {
			finish := resolution
			if early := f.earliest(n, f.is(ingest.KindResolved)); !early.IsZero() && early.Before(f.c.RegisteredAt) {
				finish = early
			}
			f.run(sla.Resolve, n, f.c.RegisteredAt, finish, r.EndedAt)
		} else {
			f.run(sla.Redo, n, r.StartedAt, resolution, r.EndedAt)
		}
		if !resolution.IsZero() {
			f.run(sla.Survey, n, resolution, f.offer(n), f.surveyEnd(n))
		}
		f.assists(n)
	}
}

func (f *folder) run(s sla.Stage, n int, started, finish, end time.Time) {
	in := f.rules.At(started)
	target, ok := in.Policy.Target(s, f.given.at(started))
	if !ok {
		return
	}
	c := sla.Run{Target: target, Round: n + 1, Started: started, Finish: finish, End: end, Pauses: f.pauses}.Clock()
	c.Revision = in.Revision
	if c.Anomaly {
		f.anomalies[AnomalyClock+string(s)] = true
	}
	f.c.Clocks = append(f.c.Clocks, c)
}

func (f *folder) is(kind ingest.Kind) func(int) bool {
	return func(i int) bool { return f.events[i].Kind == kind }
}

// earliest is the instant of the round's first event that is one; the first round includes what came before it.
func (f *folder) earliest(n int, is func(int) bool) time.Time {
	for i := f.rounds[n].from; i < f.rounds[n].next; i++ {
		if is(i) {
			return f.events[i].OccurredAt
		}
	}
	return time.Time{}
}

// start is the first event of a kind between the round's beginning and its end.
func (f *folder) start(n int, kind ingest.Kind) time.Time {
	r := f.rounds[n]
	for i := max(r.from, f.reg+1); i < r.next && r.openAt(i); i++ {
		if f.events[i].Kind == kind {
			return f.events[i].OccurredAt
		}
	}
	return time.Time{}
}

// offer is the earliest survey offer of the round; one whose event precedes the registration belongs to the first.
func (f *folder) offer(n int) time.Time {
	var first time.Time
	take := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for _, s := range f.c.Surveys {
		if s.Round == n+1 {
			take(s.OfferedAt)
		}
	}
	for _, e := range f.events[:f.reg] {
		d, ok := e.Data.(*ingest.Surveyed)
		if !ok {
			continue
		}
		at := e.OccurredAt
		if d.OfferedAt != nil {
			at = d.OfferedAt.UTC()
		}
		if f.roundAt(at) == n+1 {
			take(at)
		}
	}
	return first
}

// surveyEnd is what cancels a survey: a reopening, or a withdrawal, rejection or merge after the end.
func (f *folder) surveyEnd(n int) time.Time {
	r := f.rounds[n]
	for i := r.end + 1; i < r.next; i++ {
		switch f.events[i].Kind {
		case ingest.KindWithdrawn, ingest.KindRejected, ingest.KindMerged:
			return f.events[i].OccurredAt
		}
	}
	return f.c.Rounds[n].ReopenedAt
}

// assists runs one clock per request made while the round was open; a department's first done finishes all of its
// open requests.
func (f *folder) assists(n int) {
	r := f.rounds[n]
	for i := max(r.from, f.reg+1); i < r.next && r.openAt(i); i++ {
		d, ok := f.events[i].Data.(*ingest.AssistRequested)
		if !ok {
			continue
		}
		at, end := f.events[i].OccurredAt, f.c.Rounds[n].EndedAt
		done := f.assistDone(d.Department, at)
		before := len(f.c.Clocks)
		if d.DueAt != nil {
			f.c.Clocks = append(f.c.Clocks, sla.Named(sla.Assist, n+1, at, d.DueAt.UTC(), done, end))
		} else {
			f.run(sla.Assist, n, at, done, end)
		}
		if len(f.c.Clocks) > before {
			f.c.Clocks[before].Department = d.Department
		}
	}
}

func (f *folder) assistDone(department string, at time.Time) time.Time {
	for i := f.reg + 1; i < len(f.events); i++ {
		e := f.events[i]
		if d, ok := e.Data.(*ingest.AssistDone); ok && d.Department == department && !e.OccurredAt.Before(at) {
			return e.OccurredAt
		}
	}
	return time.Time{}
}

// response gathers what the KPIs of the first reply ask.
func (f *folder) response() {
	p := &f.c.Response
	firstReply := len(f.events)
	for i := f.reg + 1; i < len(f.events); i++ {
		if f.humanReply(i) {
			firstReply, p.FirstAt = i, f.events[i].OccurredAt
			break
		}
	}
	end := f.c.Rounds[0].EndedAt
	switch {
	case firstReply < f.rounds[0].next && (end.IsZero() || !p.FirstAt.After(end)):
		p.Until, p.Replied = p.FirstAt, true
	default:
		p.Until = end
	}
	cal := sla.Natural("")
	p.Base = cal.Counted(f.c.RegisteredAt)
	for _, c := range f.c.Clocks {
		if c.Stage == sla.Acknowledge {
			p.Anomaly, p.Calendar = c.Anomaly, c.Calendar
			cal = f.rules.Calendar(c.Calendar)
			p.Base = cal.Counted(f.c.RegisteredAt)
			p.MissedAfter = cal.Due(f.c.RegisteredAt, 4*c.Target)
		}
	}
	if !p.Until.IsZero() {
		p.Took = cal.Between(f.c.RegisteredAt, p.Until)
	}
	f.touches()
	for n, r := range f.rounds {
		p.Abandoned = p.Abandoned || f.c.Rounds[n].EndedAs == Withdrawn && r.end < firstReply
	}
}

// touches counts the human replies up to the first resolution.
func (f *folder) touches() {
	for i := f.reg + 1; i < len(f.events); i++ {
		e := f.events[i]
		if (e.Kind == ingest.KindAcknowledged || e.Kind == ingest.KindContacted) && f.humanReply(i) {
			f.c.Response.TouchesToResolution++
		}
		if f.resolves(i) {
			f.c.Response.ResolvedByHuman = e.Actor.Role.Human()
			return
		}
	}
}
