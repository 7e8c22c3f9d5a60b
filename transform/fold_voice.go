package transform

import (
	"time"

	"wenguo/ingest"
)

// humanReply says whether event i is a reply of a person to the customer. A resolution counts when it was one; before
// the registration nothing is open, so there the kind alone decides.
func (f *folder) humanReply(i int) bool {
	e := f.events[i]
	if !e.Actor.Role.Human() {
		return false
	}
	switch d := e.Data.(type) {
	case *ingest.Acknowledged:
		return !d.Internal
	case *ingest.Contacted:
		return d.Direction == "out"
	case *ingest.Resolved:
		return i < f.reg || f.resolves(i)
	default:
		return e.Kind == ingest.KindClosed && f.resolves(i)
	}
}

// outwardSign says whether the customer noticed event i.
func (f *folder) outwardSign(i int) bool {
	if f.humanReply(i) || f.resolves(i) || f.events[i].Kind == ingest.KindPlanProposed {
		return true
	}
	d, ok := f.events[i].Data.(*ingest.Contacted)
	return ok && d.Direction == "out"
}

// voice is what the customer heard and what the customer said.
func (f *folder) voice() {
	last, longest := f.c.RegisteredAt, time.Duration(0)
	end := f.rounds[len(f.rounds)-1].end
	for i := f.reg + 1; i < len(f.events); i++ {
		if !f.outwardSign(i) {
			continue
		}
		e := f.events[i]
		f.c.Replies = append(f.c.Replies, Reply{At: e.OccurredAt, Kind: e.Kind, Human: f.humanReply(i)})
		if end < 0 || i <= end {
			longest = max(longest, e.OccurredAt.Sub(last))
			last = e.OccurredAt
		}
	}
	if end >= 0 {
		longest = max(longest, f.c.EndedAt.Sub(last))
	}
	f.c.Silence = Silence{Longest: longest, LastSignAt: last}
	f.surveys()
}

// surveys are identified by the instant at which they were offered.
func (f *folder) surveys() {
	at := map[time.Time]int{}
	placed := map[int]bool{} // by an event of the offer's own instant, the first of them
	for i := f.reg + 1; i < len(f.events); i++ {
		e := f.events[i]
		d, ok := e.Data.(*ingest.Surveyed)
		if !ok {
			continue
		}
		offered := e.OccurredAt
		if d.OfferedAt != nil {
			offered = d.OfferedAt.UTC()
		}
		n, known := at[offered]
		if !known {
			n = len(f.c.Surveys)
			at[offered] = n
			f.c.Surveys = append(f.c.Surveys, Survey{OfferedAt: offered, Round: f.roundAt(offered)})
		}
		s := &f.c.Surveys[n]
		if offered.Equal(e.OccurredAt) && !placed[n] {
			placed[n] = true
			s.Round = f.roundOf[i] + 1
		}
		if d.Answered || d.Score != nil {
			s.AnsweredAt, s.Score = e.OccurredAt, validScore(d.Score)
			f.rate(i, s.Score)
		}
	}
}

// roundAt is the number of the round in which an instant lies.
func (f *folder) roundAt(t time.Time) int {
	number := 1
	for _, r := range f.c.Rounds[1:] {
		if !r.StartedAt.After(t) {
			number = r.Number
		}
	}
	return number
}

func validScore(score *float64) int {
	if score == nil || *score < 1 || *score > 5 || *score != float64(int(*score)) {
		return 0
	}
	return int(*score)
}

func (f *folder) rate(i, score int) {
	if score == 0 {
		return
	}
	reopened := false
	for n, r := range f.rounds {
		reopened = reopened || n > 0 && r.from > i
	}
	f.c.Ratings = append(f.c.Ratings, Rating{At: f.events[i].OccurredAt, Score: score, ReopenedAfter: reopened})
}
