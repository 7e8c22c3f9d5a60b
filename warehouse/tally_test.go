package warehouse

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/histories"
	"wenguo/transform/kpi"
)

// tallySlices are what daily sums can answer.
var tallySlices = []kpi.Slice{
	nil,
	{kpi.Category: {"物流"}},
	{kpi.Category: {"服务中断", ""}},
	{kpi.Priority: {"urgent", "other"}},
	{kpi.Department: {"技术部", ""}},
	{kpi.Tier: {"gold"}},
	{kpi.Level: {"1", "other"}},
	{kpi.Owner: {"甲"}},
	{kpi.Region: {""}},
	{kpi.CauseGroup: {"", "other"}},
	{kpi.Product: {"会员"}},
	{kpi.Channel: {"phone"}},
}

// asked is a question about the history.
type asked struct {
	query kpi.Query
	edges []time.Time
	by    kpi.Dimension
}

// probing questions are some that every mistake shows in, and some at random. clock is the newest instant on the bus, made the
// first one that sums hold for.
func probing(zone *time.Location, random *rand.Rand, clock, made time.Time) []asked {
	day := func(n int) time.Time {
		y, m, d := historyStart.In(zone).Date()
		return time.Date(y, m, d+n, 0, 0, 0, 0, zone)
	}
	var days []time.Time
	for n := range 62 {
		days = append(days, day(n-1))
	}
	all := []time.Time{day(-1), day(60)}
	out := []asked{
		{kpi.Query{AsOf: made}, all, ""},
		{kpi.Query{AsOf: clock.Add(7 * time.Hour)}, all, ""},
		{kpi.Query{AsOf: clock}, days, ""},
		{kpi.Query{AsOf: clock, Slice: kpi.Slice{kpi.Department: {"技术部", ""}}}, all, ""},
	}
	for range 2 {
		first := random.IntN(60) - 3
		edges := []time.Time{day(first)}
		for len(edges) < 2 || random.IntN(3) > 0 && len(edges) < 9 {
			first += 1 + random.IntN(12)
			edges = append(edges, day(first))
		}
		q := kpi.Query{
			Slice: tallySlices[random.IntN(len(tallySlices))],
			AsOf:  clock.Add([]time.Duration{-time.Hour, -20 * time.Minute, 0, 13 * time.Minute, 20 * 24 * time.Hour, 400 * 24 * time.Hour}[random.IntN(6)]),
		}
		by := kpi.Dimension("")
		if len(q.Slice) == 0 && random.IntN(2) == 0 {
			by = dimensions[random.IntN(len(dimensions)-1)]
		}
		out = append(out, asked{q, edges, by})
	}
	for i := range out {
		out[i].query.From, out[i].query.To = out[i].edges[0], out[i].edges[len(out[i].edges)-1]
	}
	return out
}

// summed asks every figure by daily sums and by facts, and demands that they agree and that sums could answer.
func summed(t *testing.T, store *Store, random *rand.Rand, clock time.Time) {
	t.Helper()
	store.factsOnly = false
	store.tallies.forget()
	state, err := store.tallyState(t.Context())
	if err != nil || !state.ready {
		t.Fatalf("daily sums: %+v, %v", state, err)
	}
	for _, q := range probing(store.zone(), random, clock, time.UnixMilli(state.made)) {
		store.factsOnly = false
		store.tallies.forget()
		fast := figuresOf(t, store, q)
		store.factsOnly = true
		slow := figuresOf(t, store, q)
		for name := range slow {
			if !reflect.DeepEqual(fast[name], slow[name]) {
				t.Fatalf("%s as of %s in %s by %q: sums say\n%+v, facts\n%+v", name, q.query.AsOf, q.query.Slice, q.by, fast[name], slow[name])
			}
		}
	}
}

func figuresOf(t *testing.T, store *Store, q asked) map[string]string {
	t.Helper()
	ids := slices.DeleteFunc(kpi.IDs(), func(id string) bool { // these ask other tables
		return slices.Contains([]string{"repeat_issue", "issue_share", "rectification"}, id)
	})
	found, err := figures(t, store, q.query, q.edges, q.by, ids...)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for id, values := range found {
		for k, v := range values {
			if v.N == 0 && v.Pending == 0 {
				continue // nothing counted is the same as no row
			}
			out[fmt.Sprint(id, k)] = fmt.Sprintf("%s %v %v %v %v %v", show(v.Value), v.Numerator, v.Denominator, v.N, v.Pending, v.State) +
				fmt.Sprint(show(v.P50), show(v.P90), show(v.P95), show(v.Mean), v.Distribution, v.Anomalies, len(v.More)) + more(v)
		}
	}
	return out
}

func more(v kpi.Value) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(v.More)) {
		m := v.More[name]
		text += fmt.Sprint(name, show(m.Value), m.Numerator, m.Denominator, show(m.P50), show(m.P95))
	}
	return text
}

func show(f *float64) string {
	if f == nil {
		return "–"
	}
	return fmt.Sprint(*f)
}

func block(t *testing.T, events []ingest.Stored, start int64) (ingest.Block, time.Time) {
	t.Helper()
	b := ingest.Block{Topic: ingest.TopicEvents, Decoder: ingest.DecoderVersion, Start: start, End: start}
	var newest time.Time
	for _, e := range events {
		raw, err := ingest.Encode(e.Event)
		if err != nil {
			t.Fatal(err)
		}
		b.Events = append(b.Events, ingest.Accepted{
			Record: ingest.Record{Offset: b.End, BusTime: e.BusTime, Backfill: e.Backfill, Value: raw}, Event: e.Event,
		})
		b.End++
		if e.BusTime.After(newest) {
			newest = e.BusTime
		}
	}
	return b, newest
}

// Events come in the order of the bus, part after part: late, corrected, merged and reopened complaints move sums that
// were made before. After each part sums and facts must agree.
func TestDailySumsAreTheFacts(t *testing.T) {
	for name, maker := range map[string]*histories.Maker{
		"over months":         histories.New(21, historyStart, 30),
		"all within two days": histories.New(22, historyStart, 2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, rules := openStore(t), testRules(t)
			store.UseRules(rules)
			var all []ingest.Stored
			complaints := maker.Complaints(150)
			for _, id := range slices.Sorted(maps.Keys(complaints)) {
				all = append(all, complaints[id]...)
			}
			slices.SortStableFunc(all, func(a, b ingest.Stored) int { return a.BusTime.Compare(b.BusTime) })
			folder := NewFolder(store, rules, time.Second, slog.New(slog.DiscardHandler))
			random := rand.New(rand.NewPCG(3, 4))
			offset := int64(0)
			for part := range slices.Chunk(all, len(all)/3+1) {
				b, newest := block(t, part, offset)
				offset = b.End
				if err := store.InsertBlock(t.Context(), b); err != nil {
					t.Fatal(err)
				}
				if _, err := folder.Pass(t.Context()); err != nil {
					t.Fatal(err)
				}
				summed(t, store, random, newest)
				if check, err := store.VerifySums(t.Context()); err != nil || !check.OK() || check.Months == 0 || check.Behind != 0 {
					t.Errorf("verified sums: %+v, %v", check, err)
				}
			}
		})
	}
}

// Recurring issues are no value of a fact; figures by them ask the facts.
func TestFiguresByIssueAddUp(t *testing.T) {
	h := openHistory(t, 120)
	h.cluster(t)
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 40), AsOf: historyStart.AddDate(0, 0, 400)}
	edges := []time.Time{q.From, q.To}
	by, err := figures(t, h.Store, q, edges, kpi.Issue)
	if err != nil {
		t.Fatal(err)
	}
	all, err := figures(t, h.Store, q, edges, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"completion", "response_on_time", "throughput", "handling_time", "sync_lag", "repeat"} {
		n := int64(0)
		for _, v := range by[id] {
			n += v.N
		}
		if want := all[id][counted{1, ""}].N; n != want || len(by[id]) < 3 {
			t.Errorf("%s: %d of %d issues add up to %d, want %d", id, len(by[id]), 3, n, want)
		}
	}
}

func TestFiguresOfPeriodsAskedTogetherAreThoseAskedAlone(t *testing.T) {
	h := openHistory(t, 120)
	day := func(n int) time.Time { return historyStart.AddDate(0, 0, n) }
	q := kpi.Query{AsOf: day(60)}
	for name, periods := range map[string][]kpi.Period{
		"one after the other": {{From: day(10), To: day(20)}, {From: day(0), To: day(10)}},
		"with a gap":          {{From: day(20), To: day(30)}, {From: day(2), To: day(9)}},
		"one in the other":    {{From: day(0), To: day(30)}, {From: day(5), To: day(10)}},
	} {
		t.Run(name, func(t *testing.T) {
			together, err := h.KPIsOf(t.Context(), q, periods)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range periods {
				alone, err := h.KPIs(t.Context(), q.In(p))
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(together[i], alone) {
					t.Errorf("period %d: together\n%+v\nalone\n%+v", i, together[i], alone)
				}
			}
		})
	}
}

// Replaced sums can come back when the engine starts again: then nothing is answered from them until they are made anew.
func TestSumsThatStandThereTwiceAnswerNothing(t *testing.T) {
	h := openHistory(t, 60)
	folder := NewFolder(h.Store, h.rules, time.Second, slog.New(slog.DiscardHandler))
	if _, err := folder.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := kpi.Query{From: historyStart, To: historyStart.AddDate(0, 0, 40), AsOf: historyStart.AddDate(2, 0, 0)}
	strip := func() kpi.Strip {
		t.Helper()
		found, err := h.Strip(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	want := strip()
	if err := h.conn.Exec(t.Context(), "INSERT INTO tallies SELECT * FROM tallies"); err != nil {
		t.Fatal(err)
	}
	h.tallies.forget()
	if got := strip(); got != want || want.Registered == 0 {
		t.Errorf("twice: %+v, want %+v", got, want)
	}
	if check, err := h.VerifySums(t.Context()); err != nil || check.Behind == 0 || check.Wrong != 0 {
		t.Errorf("twice: verified %+v, %v", check, err)
	}
	if _, err := folder.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state, err := h.tallyState(t.Context()); err != nil || !state.ready {
		t.Errorf("made anew: %+v, %v", state, err)
	}
	if got := strip(); got != want {
		t.Errorf("made anew: %+v, want %+v", got, want)
	}
}

// figures asks as pages do.
func figures(
	t *testing.T, s *Store, q kpi.Query, edges []time.Time, by kpi.Dimension, ids ...string,
) (map[string]map[counted]kpi.Value, error) {
	t.Helper()
	ask, err := s.ask(q, edges, by)
	if err != nil {
		return nil, err
	}
	return ask.figures(t.Context(), ids)
}
