package warehouse

import (
	"log/slog"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/kpi"
)

// What happens to a complaint can change the sums of months other than its own; those must be made anew as well.
func TestSumsOfOtherMonthsFollowAComplaint(t *testing.T) {
	const day = 24 * time.Hour
	tests := map[string]struct {
		first, then func(s *tale)
		// registered and repeats are those of the months of the history's start and the next, before and after.
		before, after [2][2]int64
	}{
		"a registration told late moves it to the month before": {
			func(s *tale) { s.register("a", 40*day, "web") },
			func(s *tale) { s.register("a", 5*day, "web") },
			[2][2]int64{{0, 0}, {1, 0}},
			[2][2]int64{{1, 0}, {0, 0}},
		},
		"a complaint that was reopened after all is repeated by none of the next month": {
			func(s *tale) {
				s.register("a", 10*day, "web")
				s.add("a", 12*day, ingest.KindResolved, nil)
				s.register("b", 40*day, "web")
			},
			func(s *tale) { s.add("a", 13*day, ingest.KindReopened, nil) },
			[2][2]int64{{1, 0}, {1, 1}},
			[2][2]int64{{1, 0}, {1, 0}},
		},
		"a complaint told later repeats one of the month before": {
			func(s *tale) {
				s.register("a", 10*day, "web")
				s.add("a", 12*day, ingest.KindResolved, nil)
			},
			func(s *tale) { s.register("b", 40*day, "web") },
			[2][2]int64{{1, 0}, {0, 0}},
			[2][2]int64{{1, 0}, {1, 1}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, rules := openStore(t), testRules(t)
			store.UseRules(rules)
			folder := NewFolder(store, rules, time.Second, slog.New(slog.DiscardHandler))
			zone, offset := store.zone(), int64(0)
			y, m, _ := historyStart.In(zone).Date()
			month := func(n int) time.Time { return time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, zone) }
			told := &tale{product: "p"}
			check := func(tell func(s *tale), want [2][2]int64) {
				t.Helper()
				told.events = map[string][]ingest.Stored{}
				tell(told)
				var events []ingest.Stored
				for _, of := range told.events {
					events = append(events, of...)
				}
				b, newest := block(t, events, offset)
				offset = b.End
				if err := store.InsertBlock(t.Context(), b); err != nil {
					t.Fatal(err)
				}
				if _, err := folder.Pass(t.Context()); err != nil {
					t.Fatal(err)
				}
				for i := range want {
					q := kpi.Query{From: month(i), To: month(i + 1), AsOf: newest}
					if summed, err := mustAsk(t, store, q).summed(t.Context()); err != nil || !summed {
						t.Fatalf("the sums don't answer: %v", err)
					}
					r, err := store.KPIs(t.Context(), q, "repeat")
					if err != nil {
						t.Fatal(err)
					}
					strip, err := store.Strip(t.Context(), q)
					if err != nil {
						t.Fatal(err)
					}
					if got := [2]int64{strip.Registered, r.KPIs["repeat"].Numerator}; got != want[i] {
						t.Errorf("month %d: %v registered and repeated, want %v", i, got, want[i])
					}
				}
				if sums, err := store.VerifySums(t.Context()); err != nil || !sums.OK() {
					t.Errorf("verified sums: %+v, %v", sums, err)
				}
			}
			check(tt.first, tt.before)
			check(tt.then, tt.after)
		})
	}
}

func mustAsk(t *testing.T, s *Store, q kpi.Query) question {
	t.Helper()
	ask, err := s.ask(q, []time.Time{q.From, q.To}, "")
	if err != nil {
		t.Fatal(err)
	}
	return ask
}

// A second low rating in one period is no second dissatisfied customer; in a later period it is one again.
func TestSumsCountALowRatingOnceAPeriod(t *testing.T) {
	const day = 24 * time.Hour
	store, rules := openStore(t), testRules(t)
	store.UseRules(rules)
	told := &tale{product: "p", events: map[string][]ingest.Stored{}}
	told.register("a", 0, "web")
	told.add("a", day, ingest.KindResolved, nil)
	told.rate(2*day, 2)
	told.add("a", 3*day, ingest.KindReopened, nil)
	told.add("a", 4*day, ingest.KindResolved, nil)
	told.rate(5*day, 1)
	b, newest := block(t, told.events["pa"], 0)
	if err := store.InsertBlock(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if _, err := NewFolder(store, rules, time.Second, slog.New(slog.DiscardHandler)).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		from, to int
		rated    int64
	}{
		"both in the period": {0, 10, 1},
		"the first alone":    {0, 4, 1},
		"the second alone":   {4, 10, 1},
		"neither":            {6, 10, 0},
	} {
		t.Run(name, func(t *testing.T) {
			q := kpi.Query{From: historyStart.AddDate(0, 0, tt.from), To: historyStart.AddDate(0, 0, tt.to), AsOf: newest}
			for _, slice := range []kpi.Slice{nil, {kpi.Product: {"p"}}} { // sums in memory, and in the engine
				q.Slice = slice
				if summed, err := mustAsk(t, store, q).summed(t.Context()); err != nil || !summed {
					t.Fatalf("the sums don't answer: %v", err)
				}
				r, err := store.KPIs(t.Context(), q, "dissatisfied_redo")
				if err != nil {
					t.Fatal(err)
				}
				if got := r.KPIs["dissatisfied_redo"].Denominator; got != tt.rated {
					t.Errorf("in %s: %d dissatisfied, want %d", slice, got, tt.rated)
				}
			}
		})
	}
}
