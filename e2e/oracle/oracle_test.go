package oracle

import (
	"flag"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wenguo/transform/kpi"
)

// How much is asked of how many complaints.
const (
	complaints = 1200
	questions  = 48
)

// seed makes other histories and other questions: every seed must pass.
var seed = flag.Uint64("seed", 20261122, "seed of the histories and questions")

func at(ms instant) time.Time { return time.UnixMilli(ms).UTC() }

// tally counts what was compared, and remembers which figures' differences were traced to a complaint: one of each is
// enough to look at.
type tally struct {
	numbers atomic.Int64
	traced  sync.Map
}

func TestEveryFigureIsWhatTheRawEventsSay(t *testing.T) {
	started := time.Now()
	b := newBench(t)
	j := b.fill(t, *seed, complaints)
	t.Logf("%d complaints stored after %.1f s", len(j.stored), time.Since(started).Seconds())
	all := ask(*seed, questions, j.instants()...)
	for _, q := range all {
		j.stories(q.AsOf.UnixMilli())
	}
	counted := &tally{}
	t.Run("ask", func(t *testing.T) {
		for _, q := range all {
			t.Run(title(q), func(t *testing.T) {
				t.Parallel()
				b.compare(t, j, q, counted)
			})
		}
	})
	t.Run("by", func(t *testing.T) {
		for i, d := range dimensions {
			t.Run(string(d), func(t *testing.T) {
				t.Parallel()
				b.compareBy(t, j, all[i*4], d, counted)
			})
		}
	})
	t.Logf("%d complaints × %d questions: %d numbers compared in %.1f s",
		len(j.stored), len(all), counted.numbers.Load(), time.Since(started).Seconds())
}

// oneID picks a figure, another one for every question.
func oneID(q kpi.Query) string {
	ids := kpi.IDs()
	return ids[(q.AsOf.UnixMilli()/1000+q.To.UnixMilli()/int64(day)+int64(len(q.Slice)))%int64(len(ids))]
}

func TestTheOracleKnowsEveryEntryOfTheCatalogue(t *testing.T) {
	known := figures()
	for _, id := range kpi.IDs() {
		if _, ok := known[id]; !ok {
			t.Errorf("no figure %s", id)
		}
		delete(known, id)
	}
	for id := range known {
		t.Errorf("%s is not in the catalogue", id)
	}
}

// fill stores histories as they would arrive: in several goes, the facts and the issues made in between.
func (b *bench) fill(t *testing.T, seed uint64, complaints int) *judge {
	t.Helper()
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 5))}
	g.makePeople(complaints / 8)
	messages := g.arrivals(generate(seed, complaints))
	third := len(messages) / 3
	b.arrive(t, messages[:third])
	b.discover(t, seed, 1)
	b.arrive(t, messages[third:2*third])
	b.arrive(t, messages[2*third:])
	return &judge{
		policies: ourPolicies(t), stored: b.stored, issues: b.discover(t, seed, 2),
		decisions: b.decide(t, g, g.decisions(complaints/4)), told: map[instant][]*told{},
	}
}

// instants are as-of instants that lie exactly on something: 30 days after resolutions, on dues, on reopenings.
func (j *judge) instants() []instant {
	var resolution, due, reopening instant
	for _, s := range j.stories(local(moments[0])) {
		r := s.rounds[0]
		if r.resolved() && r.end > resolution && r.end < local("2026-12-10T00:00:00") {
			resolution = r.end
		}
		if len(s.rounds) > 1 && s.rounds[1].start > reopening && s.rounds[1].start < local("2026-11-25T00:00:00") {
			reopening = s.rounds[1].start
		}
		for _, c := range s.clocks {
			if c.verdict == met && c.due > due && c.due < local("2026-12-24T00:00:00") {
				due = c.due
			}
		}
	}
	return []instant{resolution + 30*day, resolution + 30*day - 1, due, due + 1, reopening}
}

// compare asks the product and the judge.
func (b *bench) compare(t *testing.T, j *judge, q kpi.Query, counted *tally) {
	t.Helper()
	got, err := b.store.KPIs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	mine := j.ask(q)
	for id, figure := range figures() {
		v, ok := got.KPIs[id]
		if !ok {
			t.Errorf("%s is not answered", id)
			continue
		}
		found, n := differences(id, v, figure(mine))
		counted.numbers.Add(int64(n))
		if len(found) == 0 {
			continue
		}
		t.Errorf("%s: %s", title(q), strings.Join(found, "; "))
		if _, done := counted.traced.LoadOrStore(id, true); !done {
			b.trace(t, j, q, id)
		}
	}
	// A figure asked for by itself is the same figure.
	alone := oneID(q)
	single, err := b.store.KPIs(t.Context(), q, alone)
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := differences(alone, single.KPIs[alone], got.KPIs[alone]); len(found) > 0 || len(single.KPIs) != 1 {
		t.Errorf("%s: asked alone: %d figures, %v", title(q), len(single.KPIs), found)
	}
	balance, err := b.store.Strip(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	counted.numbers.Add(7)
	if want := strip(mine); balance != want || !want.Balanced() {
		t.Errorf("%s: strip: got %+v, want %+v", title(q), balance, want)
	}
}
