package recurring_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
	"wenguo/transform/issue"
	"wenguo/transform/text"
)

// folder holds the unpacked dictionaries of all tests.
var folder string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "recurring")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	folder = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var shared = sync.OnceValues(func() (*text.Segmenter, error) { return text.Open(filepath.Join(folder, "dict")) })

func segmenter(tb testing.TB) *text.Segmenter {
	tb.Helper()
	s, err := shared()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// company is a simulated history as discovery reads it: without what was merged into another complaint.
type company struct {
	world    *simulate.World
	messages []issue.Message
}

// simulated returns thirteen months of complaints, perDay of them on a weekday.
func simulated(tb testing.TB, perDay func(int) float64) company {
	tb.Helper()
	zone := time.FixedZone("UTC+8", 8*60*60)
	start := time.Date(2025, 9, 1, 0, 0, 0, 0, zone)
	w, err := simulate.New(simulate.Config{Seed: 7, Start: start, Zone: zone, PerDay: perDay})
	if err != nil {
		tb.Fatal(err)
	}
	registered, merged := map[string]issue.Message{}, map[string]bool{}
	for r := range w.Records(start, start.AddDate(0, 13, 0)) {
		if r.Bad != "" || r.Kind != ingest.KindRegistered && r.Kind != ingest.KindMerged {
			continue
		}
		e, err := ingest.Decode(r.Value)
		if err != nil {
			tb.Fatal(err)
		}
		if d, ok := e.Data.(*ingest.Registered); ok {
			registered[e.ComplaintID] = issue.Message{
				ID: e.ComplaintID, User: d.Customer.ID, Title: d.Title, Text: d.Content, Time: e.OccurredAt,
			}
		} else {
			merged[e.ComplaintID] = true
		}
	}
	c := company{world: w}
	for _, id := range slices.Sorted(maps.Keys(registered)) {
		if !merged[id] {
			c.messages = append(c.messages, registered[id])
		}
	}
	return c
}

func discover(tb testing.TB, messages []issue.Message, opts issue.Options) issue.Result {
	tb.Helper()
	found, err := issue.Discover(context.Background(), messages, segmenter(tb), opts)
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// score is how well a true issue was found: by the found issue with the best F1.
type score struct {
	name                  string
	size                  int
	f1, precision, recall float64
	found                 int
	// parts are the sizes of the found issues that hold the true issue's messages, largest first.
	parts []int
}

// scores judges every true issue of at least least messages.
func (c company) scores(messages []issue.Message, issues []issue.Issue, least int) []score {
	size, shared := map[string]int{}, map[string]map[int]int{}
	for _, m := range messages {
		size[c.world.Truth(m.ID)]++
	}
	for k, is := range issues {
		for _, m := range is.Members {
			name := c.world.Truth(messages[m].ID)
			if shared[name] == nil {
				shared[name] = map[int]int{}
			}
			shared[name][k]++
		}
	}
	var out []score
	for name, n := range size {
		if name == "" || n < least {
			continue
		}
		best := score{name: name, size: n, found: -1}
		for k, both := range shared[name] {
			p, r := float64(both)/float64(len(issues[k].Members)), float64(both)/float64(n)
			if f1 := 2 * p * r / (p + r); f1 > best.f1 || f1 == best.f1 && k < best.found {
				best.f1, best.precision, best.recall, best.found = f1, p, r, k
			}
			best.parts = append(best.parts, both)
		}
		slices.SortFunc(best.parts, func(a, b int) int { return cmp.Compare(b, a) })
		out = append(out, best)
	}
	slices.SortFunc(out, func(a, b score) int { return cmp.Or(cmp.Compare(a.f1, b.f1), cmp.Compare(a.name, b.name)) })
	return out
}

func mean(all []score) float64 {
	sum := 0.0
	for _, s := range all {
		sum += s.f1
	}
	return sum / float64(len(all))
}

func TestIssuesOfTheTruth(t *testing.T) {
	c := sparse(t)
	found := discover(t, c.messages, issue.Options{})
	all := c.scores(c.messages, found.Issues, 10)
	precision := 0.0
	for _, s := range all {
		precision += s.precision / float64(len(all))
	}
	t.Logf("%d texts, %d issues of the truth: mean F1 %.3f, precision %.3f", len(c.messages), len(all), mean(all), precision)
	if mean(all) < 0.66 || precision < 0.96 {
		t.Errorf("mean F1 %.3f, precision %.3f", mean(all), precision)
	}
}

// BenchmarkTruth prints how well each simulated issue is found among 20,000 complaints:
//
//	go test ./e2e/recurring -run '^$' -bench Truth -benchtime 1x -v
func BenchmarkTruth(b *testing.B) {
	c := simulated(b, simulate.Growth)
	for b.Loop() {
		found := discover(b, c.messages, issue.Options{})
		all := c.scores(c.messages, found.Issues, 2)
		for _, s := range all {
			name := ""
			if s.found >= 0 {
				name = found.Issues[s.found].Name
			}
			b.Logf("%.3f = precision %.3f, recall %.3f of %d, in parts of %v: %s / %s", s.f1, s.precision, s.recall, s.size, s.parts, s.name, name)
		}
		b.ReportMetric(mean(all), "F1")
		b.ReportMetric(float64(len(c.messages)), "texts")
	}
}

// BenchmarkStability discovers 20,000 complaints without one in a hundred, then all.
func BenchmarkStability(b *testing.B) {
	all := simulated(b, simulate.Growth).messages
	for b.Loop() {
		before, _ := again(b, slices.DeleteFunc(slices.Clone(all), func(m issue.Message) bool { return chance(m.ID) == 0 }), nil)
		after, _ := again(b, all, before)
		moved, gone := lost(before, after)
		b.ReportMetric(1-float64(moved)/float64(len(before)), "kept")
		b.ReportMetric(float64(len(gone)), "ids-merged")
	}
}

// BenchmarkAssign puts one text after the other into the issues of 20,000.
func BenchmarkAssign(b *testing.B) {
	c := simulated(b, simulate.Growth)
	cut := len(c.messages) * 19 / 20
	found := discover(b, c.messages[:cut], issue.Options{})
	fresh := c.messages[cut:]
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		found.Assign(fresh[i%len(fresh)], segmenter(b))
	}
}
