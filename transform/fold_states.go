package transform

import (
	"wenguo/ingest"
	"wenguo/transform/sla"
)

// states walks through the life of the complaint: rounds, ends, reopenings and pauses.
func (f *folder) states() {
	f.roundOf = make([]int, len(f.events))
	f.open(f.reg, "")
	for i := f.reg + 1; i < len(f.events); i++ {
		e := f.events[i]
		if e.Kind == ingest.KindReopened {
			f.reopen(i)
		}
		f.roundOf[i] = len(f.rounds) - 1
		switch e.Kind {
		case ingest.KindPaused:
			f.pause(i)
		case ingest.KindResumed:
			f.resume(i)
		case ingest.KindResolved, ingest.KindClosed:
			f.end(i, Resolved)
		case ingest.KindWithdrawn:
			f.end(i, Withdrawn)
		case ingest.KindRejected:
			f.end(i, Rejected)
		case ingest.KindMerged:
			f.end(i, Merged)
		}
		if e.Kind == ingest.KindClosed && f.c.FirstClosedAt.IsZero() {
			f.c.FirstClosedAt = e.OccurredAt
		}
	}
	f.rounds[len(f.rounds)-1].next = len(f.events)
	for _, p := range f.c.Pauses {
		f.pauses = append(f.pauses, sla.Interval{From: p.StartedAt, To: p.EndedAt})
	}
	if last := f.lastRound(); !last.EndedAt.IsZero() {
		f.c.State, f.c.EndedAt = last.EndedAs, last.EndedAt
	}
}

func (f *folder) lastRound() *Round { return &f.c.Rounds[len(f.c.Rounds)-1] }

func (f *folder) isOpen() bool { return f.rounds[len(f.rounds)-1].end < 0 }

func (f *folder) open(i int, reason string) {
	from := i
	if len(f.rounds) == 0 {
		from = 0
	}
	f.rounds = append(f.rounds, round{from: from, end: -1})
	f.c.Rounds = append(f.c.Rounds, Round{Number: len(f.rounds), StartedAt: f.events[i].OccurredAt, Reason: reason})
}

func (f *folder) reopen(i int) {
	if f.isOpen() {
		f.anomalies[AnomalyReopenedOpen] = true
		return
	}
	reason := ""
	if d, ok := f.events[i].Data.(*ingest.Reasoned); ok {
		reason = ingest.Normal(d.Reason, ingest.ReopenReasons)
	}
	f.rounds[len(f.rounds)-1].next = i
	f.lastRound().ReopenedAt = f.events[i].OccurredAt
	f.open(i, reason)
}

// end closes the round unless it is closed already: then nothing changes.
func (f *folder) end(i int, as State) {
	if !f.isOpen() {
		return
	}
	e := f.events[i]
	f.rounds[len(f.rounds)-1].end = i
	r := f.lastRound()
	r.EndedAt, r.EndedAs, r.EndedBy = e.OccurredAt, as, e.Actor.Role
	switch d := e.Data.(type) {
	case *ingest.Resolved:
		r.SelfService, r.FirstContact = d.BySelfService, d.FirstContact
	case *ingest.Merged:
		f.c.MergedInto = d.Into
	}
	if p := f.openPause(); p != nil {
		p.EndedAt = e.OccurredAt
	}
}

func (f *folder) openPause() *Pause {
	if n := len(f.c.Pauses); n > 0 && f.c.Pauses[n-1].EndedAt.IsZero() {
		return &f.c.Pauses[n-1]
	}
	return nil
}

func (f *folder) pause(i int) {
	if !f.isOpen() || f.openPause() != nil {
		return
	}
	reason := ""
	if d, ok := f.events[i].Data.(*ingest.Reasoned); ok {
		reason = ingest.Normal(d.Reason, ingest.PauseReasons)
	}
	f.c.Pauses = append(f.c.Pauses, Pause{StartedAt: f.events[i].OccurredAt, Reason: reason})
}

func (f *folder) resume(i int) {
	if p := f.openPause(); p != nil {
		p.EndedAt = f.events[i].OccurredAt
	}
}

// ends says whether event i ended its round.
func (f *folder) ends(i int) bool { return f.rounds[f.roundOf[i]].end == i }

// resolves says whether event i is a resolution: a resolved, or a closed that acts as one, of an open complaint.
func (f *folder) resolves(i int) bool {
	return i > f.reg && f.ends(i) && f.c.Rounds[f.roundOf[i]].EndedAs == Resolved
}

// openAt says whether the complaint was still open when event i came; the end itself counts as open.
func (r round) openAt(i int) bool { return r.end < 0 || i <= r.end }
