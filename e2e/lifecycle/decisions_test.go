package lifecycle_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/transform/kpi"
	"wenguo/transform/sla"
	"wenguo/warehouse"
)

// decision is a small decision, every thirteenth of which lacks what it is about.
func decision(number int) ingest.Message {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Second)
	action := fmt.Sprintf("A-%d", number/2)
	kind, data := "action.opened", fmt.Sprintf(`{"action":%q,"due_at":"2026-03-09T18:00:00+08:00"}`, action)
	switch {
	case number%13 == 0:
		data = `{}`
	case number%2 == 1:
		kind, data = "action.done", fmt.Sprintf(`{"action":%q}`, action)
	}
	return ingest.Message{
		Key: action, Time: at,
		Value: fmt.Appendf(nil, `{"event_id":"d-%d","kind":%q,"occurred_at":%q,"actor":{"id":"a17","role":"agent"},"data":%s}`,
			number, kind, at.Format(time.RFC3339), data),
	}
}

// decide sends decisions [from, to) and returns the first that was not acknowledged.
func decide(ctx context.Context, up *program.Up, from, to int) int {
	p := kafka.NewProducer(bus(up), ingest.TopicDecisions)
	defer func() {
		go p.Close() // when ctx has ended, what is left has nowhere to go
	}()
	for from < to {
		batch := make([]ingest.Message, 0, 50)
		for n := from; n < min(from+cap(batch), to); n++ {
			batch = append(batch, decision(n))
		}
		if err := p.Produce(ctx, batch); err != nil {
			return from
		}
		from += len(batch)
	}
	return from
}

// verified is what `wenguo verify --json` says of the decisions.
func verified(t *testing.T, data string) (ok bool, decisions []warehouse.PartitionCheck) {
	t.Helper()
	result := program.Run(t, nil, "verify", "--json", "--data", data)
	var v struct {
		OK        bool                       `json:"ok"`
		Decisions []warehouse.PartitionCheck `json:"decisions"`
	}
	if err := json.Unmarshal([]byte(result.Stdout), &v); err != nil {
		t.Fatalf("verify printed %q and %q: %v", result.Stdout, result.Stderr, err)
	}
	return v.OK && result.Code == 0, v.Decisions
}

func TestDecisionsAreStoredOnceByAProgramThatIsKilled(t *testing.T) {
	const seed, all = 20261122, 3000
	const starts = 3 // each may announce the policy
	rng := rand.New(rand.NewPCG(seed, 0))
	data, sent, doubtful := t.TempDir(), 0, 0
	up := program.Start(t, data, nil)
	for range 2 {
		life, end := context.WithCancel(t.Context())
		acked := make(chan int, 1)
		go func() { acked <- decide(life, up, sent, all) }()
		time.Sleep(time.Duration(200+rng.IntN(800)) * time.Millisecond)
		up.KillAll(t)
		end()
		if sent = <-acked; sent < all {
			doubtful += 50
		}
		up = program.Start(t, data, nil)
	}
	if sent = decide(t.Context(), up, sent, all); sent < all {
		t.Fatalf("only %d decisions were acknowledged\n%s", sent, up.Log())
	}
	ends, err := kafka.EndOffsets(t.Context(), bus(up), ingest.TopicDecisions)
	if err != nil {
		t.Fatal(err)
	}
	var (
		ok      bool
		checks  []warehouse.PartitionCheck
		reached int64
		onBus   int64
	)
	for _, end := range ends {
		onBus += end
	}
	for deadline := time.Now().Add(time.Minute); reached != onBus && time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		reached = 0
		ok, checks = verified(t, data)
		for _, c := range checks {
			reached += c.To
		}
	}
	stored, refused := int64(0), int64(0)
	for _, c := range checks {
		stored, refused = stored+c.Stored, refused+c.Refused
		if !c.OK() || c.From != 0 || c.To != ends[c.Partition] {
			t.Errorf("partition %d ends at %d: %+v", c.Partition, ends[c.Partition], c)
		}
	}
	if bad := int64((all + 12) / 13); !ok || stored+refused != onBus || onBus < all || onBus > int64(all+doubtful+starts) || refused < bad {
		t.Errorf("of %d decisions %d are on the bus, %d stored and %d refused, want at least %d refused; verify says %v\n%s",
			all, onBus, stored, refused, bad, ok, up.Log())
	}
	rectified(t, data, all)
	if code, took := up.Stop(t); code != 0 || took > 10*time.Second {
		t.Errorf("the stop took %s and ended with %d\n%s", took, code, up.Log())
	}
	r := program.Run(t, nil, "verify", "--data", data)
	if r.Code != 0 || !strings.Contains(r.Stdout, ingest.TopicDecisions) || !strings.Contains(r.Stdout, "every message is stored once") {
		t.Errorf("verify on the folder at rest ended with %d: %s%s", r.Code, r.Stdout, r.Stderr)
	}
	t.Logf("%d on the bus, %d stored, %d refused", onBus, stored, refused)
}

// rectified asks for the key figure that the decisions make.
func rectified(t *testing.T, data string, all int) {
	t.Helper()
	due, done := int64(0), int64(0)
	for n := 0; n < all; n += 2 {
		if n%13 != 0 { // opened
			due++
			if (n+1)%13 != 0 {
				done++
			}
		}
	}
	result := program.Run(t, nil, "kpi", "--json", "--from", "2026-03-01", "--to", "2026-04-01", "--as-of", "2026-04-01T00:00:00+08:00", "--data", data)
	var answer kpi.Result
	if err := json.Unmarshal([]byte(result.Stdout), &answer); err != nil {
		t.Fatalf("kpi printed %q and %q: %v", result.Stdout, result.Stderr, err)
	}
	if v := answer.KPIs["rectification"]; v.Numerator != done || v.Denominator != due || v.State != kpi.OK {
		t.Errorf("%d of %d actions are done on time (%s), want %d of %d", v.Numerator, v.Denominator, v.State, done, due)
	}
}

func TestALostFolderOfPoliciesComesBackFromTheDecisions(t *testing.T) {
	data := t.TempDir()
	other := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(other, append([]byte("# another\n"), sla.DefaultPolicy()...), 0o600); err != nil {
		t.Fatal(err)
	}
	read := func() map[string]string {
		found := map[string]string{}
		names, err := filepath.Glob(filepath.Join(data, "policies", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found[filepath.Base(name)] = string(content)
		}
		return found
	}
	stored := func(up *program.Up, n int64) {
		t.Helper()
		got := int64(0)
		for deadline := time.Now().Add(time.Minute); got < n && time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
			got = 0
			_, checks := verified(t, data)
			for _, c := range checks {
				got += c.Stored
			}
		}
		if got != n {
			t.Fatalf("%d decisions are stored, want %d\n%s", got, n, up.Log())
		}
	}
	up := program.Start(t, data, nil)
	stored(up, 1)
	up.Stop(t)
	environ := []string{"WENGUO_POLICY=" + other}
	up = program.Start(t, data, environ)
	stored(up, 2)
	up.Stop(t)
	before := read()
	if err := os.RemoveAll(filepath.Join(data, "policies")); err != nil {
		t.Fatal(err)
	}
	up = program.Start(t, data, environ)
	if after := read(); len(before) != 2 || !maps.Equal(before, after) {
		t.Errorf("%d policies were kept, %d came back, or not as they were\n%s", len(before), len(after), up.Log())
	}
	time.Sleep(time.Second) // what would be announced again would be stored by now
	stored(up, 2)
	up.Stop(t)
}
