package faults_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"wenguo/e2e/program"
	"wenguo/e2e/truth"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
)

// A soak is the same test for longer; `make soak` sets these.
var (
	duration = flag.Duration("soak.duration", 0, "how long faults come; 0 is the short schedule")
	seed     = flag.Uint64("soak.seed", 20261123, "seed of the input and of the schedule")
	rate     = flag.Float64("soak.rate", 150, "messages a second")
)

func TestNothingIsLostOrDoubledWhateverBreaks(t *testing.T) {
	t.Parallel()
	length, session, size := 45*time.Second, 2*time.Second, 12_000
	if *duration > 0 {
		length, session = *duration, 4*time.Second
		size = int(length.Seconds() * *rate)
	}
	in := truth.MakeInput(t, *seed, size, 1000)
	r := newRig(t, *seed, 3, session)
	t.Logf("seed %d: %d messages, %d of them bad, %d complaints", *seed, len(in.Messages), in.Bad, len(in.Histories))
	started := time.Now()
	f := startFeed(t, r.config(), in.Messages, *seed, length)
	struck := r.run(rand.New(rand.NewPCG(*seed, 2)), length)
	broken := time.Since(started)
	r.recover(f)
	loaded := time.Since(started)

	report := newReport(in, f, r, struck, broken, loaded)
	r.judge(in, &report)
	t.Logf("\n%s", report)
	kills := 0
	for _, what := range []string{killMember, killEngine, killParent, killGroup, killEverything} {
		kills += struck[what]
	}
	if kills < 20 || struck[freeze] == 0 || r.rebalances() < 5 {
		t.Errorf("%d kills, %d freezes and %d rebalances prove little", kills, struck[freeze], r.rebalances())
	}
}

// run carries the schedule out and counts what was struck.
func (r *rig) run(rng *rand.Rand, length time.Duration) map[string]int {
	r.t.Helper()
	struck := map[string]int{}
	began := time.Now()
	strike := func(f fault) {
		r.t.Logf("%6.1f s: %s (%q)", time.Since(began).Seconds(), f.what, f.step)
		r.strike(f)
		struck[f.what]++
	}
	if *duration == 0 {
		for _, f := range short(rng) {
			strike(f)
		}
		return struck
	}
	for time.Since(began) < length {
		strike(next(rng))
		time.Sleep(time.Duration(500+rng.IntN(4500)) * time.Millisecond)
	}
	return struck
}

// recover waits until everything is sent, with everything running.
func (r *rig) recover(f *feed) {
	r.t.Helper()
	r.bus.Pass()
	r.store.Pass()
	for {
		r.revive()
		select {
		case <-f.done:
			return
		case <-time.After(time.Second):
		}
	}
}

// judge holds the store against the input, by the product's own verifier and by the test's own fold.
func (r *rig) judge(in truth.Input, report *report) {
	t := r.t
	t.Helper()
	ends := r.ends(ingest.TopicEvents)
	// There may be more: what got no answer is sent again, by the feed and by the client beneath it, which does not say so.
	if total := truth.Sum(ends); total < int64(len(in.Messages)) {
		t.Errorf("%d messages are on the bus, want %d", total, len(in.Messages))
	}
	truth.WaitForFacts(t, r.up().dsn, ends, r.heard.end)
	v := r.verify()
	report.verify = v.OK
	for _, p := range v.Partitions {
		report.duplicates += max(p.Duplicates, p.Stored+p.Refused-(p.To-p.From)) // the second are those of other blocks
		report.lost += p.Unaccounted
		if p.From != 0 || p.To != ends[p.Partition] {
			t.Errorf("partition %d ends at %d: %+v", p.Partition, ends[p.Partition], p)
		}
		delete(ends, p.Partition)
	}
	if len(ends) > 0 || !v.OK {
		t.Errorf("the store is not exact, partitions %v are missing: %+v", ends, v)
	}
	if letters := truth.Sum(r.ends(ingest.TopicDeadLetters)); letters < int64(in.Bad) {
		t.Errorf("%d dead letters of %d bad messages", letters, in.Bad)
	}
	conn := truth.Connect(t, r.up().dsn)
	missing := truth.CompareEvents(t, conn, in)
	report.lost += int64(missing.Lost + missing.Few)
	truth.FoldInput(t, r.up().dsn, in, truth.Rules(t, r.data))
	truth.CompareFacts(t, conn)
}

// ends asks for the ends of a topic; connections that a gate has cut are noticed only when they are used.
func (r *rig) ends(topic string) map[int]int64 {
	r.t.Helper()
	for try := 1; ; try++ {
		ends, err := kafka.EndOffsets(r.t.Context(), r.config(), topic)
		if err == nil {
			return ends
		}
		if try == 10 {
			r.t.Fatal(err)
		}
	}
}

// verification is what `wenguo verify --json` prints.
type verification struct {
	OK         bool `json:"ok"`
	Partitions []warehouse.PartitionCheck
}

func (r *rig) verify() (v verification) {
	r.t.Helper()
	began := time.Now()
	defer func() { r.t.Logf("verified in %.1f s", time.Since(began).Seconds()) }()
	result := program.Run(r.t, nil, "verify", "--json", "--data", r.data)
	if err := json.Unmarshal([]byte(result.Stdout), &v); err != nil {
		r.t.Fatalf("verify printed %q and %q: %v", result.Stdout, result.Stderr, err)
	}
	if v.OK != (result.Code == 0) {
		r.t.Errorf("verify says %v and ended with %d", v.OK, result.Code)
	}
	return v
}

// report is the table at the end of a run.
type report struct {
	rows             [][2]string
	duplicates, lost int64
	verify           bool
}

func newReport(in truth.Input, f *feed, r *rig, struck map[string]int, broken, loaded time.Duration) (out report) {
	row := func(name, format string, args ...any) {
		out.rows = append(out.rows, [2]string{name, fmt.Sprintf(format, args...)})
	}
	row("seed", "%d", *seed)
	row("faults for, loaded after", "%s, %s", broken.Round(time.Second), loaded.Round(time.Second))
	row("events sent", "%d, %d of them bad, %d sent again by the feed for want of an answer", f.acked, in.Bad, f.doubtful)
	kills := 0
	for _, s := range share {
		if slices.Contains([]string{killMember, killEngine, killParent, killGroup, killEverything}, s.what) {
			kills += struck[s.what]
		}
	}
	row("kills", "%d", kills)
	for _, s := range share {
		row("- "+s.what, "%d", struck[s.what])
	}
	row("kills and freezes right after a step", "%d", r.atStep)
	row("processes started again", "%d", r.started)
	row("connections cut", "%d", r.bus.Cuts()+r.store.Cuts())
	row("rebalances", "%d", r.rebalances())
	row("plans found and carried out", "%d", r.heard.count(saidReplay))
	row("plans found that were stored already", "%d", r.heard.count(saidStored))
	row("blocks completed", "%d", r.heard.count(saidMended))
	row("offsets the store knew better", "%d", r.heard.count(saidDisagree))
	row("members fenced", "%d", r.heard.count(saidFenced))
	row("inserts tried again", "%d", r.heard.count(saidRetry))
	row("blocks the store knew and had not", "%d", r.heard.count(saidForgot))
	row("rests for want of dead letters", "%d", r.heard.count(saidRest))
	return out
}

func (r report) String() string {
	var b bytes.Buffer
	table := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	_, _ = fmt.Fprintf(table, "| what\t| seen\t|\n|---\t|---\t|\n")
	verify := "clean"
	if !r.verify {
		verify = "NOT CLEAN"
	}
	for _, row := range append(r.rows, [2]string{"duplicates", fmt.Sprint(r.duplicates)}, [2]string{"losses", fmt.Sprint(r.lost)}, [2]string{"verify", verify}) {
		_, _ = fmt.Fprintf(table, "| %s\t| %s\t|\n", row[0], row[1])
	}
	_ = table.Flush()
	return b.String()
}
