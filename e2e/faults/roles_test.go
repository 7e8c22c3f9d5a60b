package faults_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/e2e/truth"
	"wenguo/ingest"
)

// `up` sleeps in the middle of storing facts. A consumer and a facts' worker, each a process of its own, do all the work
// meanwhile. Then it wakes up and stores what it had folded before they did.
func TestAFactsWorkerThatSleptChangesNothing(t *testing.T) {
	t.Parallel()
	in := truth.MakeInput(t, 8, 4000, 1000)
	r := newRig(t, 8, 2, session)
	r.members[1].working(in.Messages[:1000])

	f := startFeed(t, r.config(), in.Messages[1000:2500], 8, 2*time.Second)
	r.up().must("facts are about to be stored", r.up().process.Freeze)
	<-f.done
	folder := t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "policies"), os.DirFS(filepath.Join(r.data, "policies"))); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(r.data, "key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	facts := program.Spawn(t, []string{"WENGUO_FACTS_POLL=300ms"}, func(line string) { r.heard.add("facts", line) },
		"facts", "--data", folder, "--listen", "127.0.0.1:0", "--kafka", r.bus.Address(), "--clickhouse", "http://"+r.store.Address()+"/wenguo")
	r.stored(in.Messages[2500:])
	ends := r.ends(ingest.TopicEvents)
	truth.WaitForFacts(t, r.up().dsn, ends, r.heard.end)

	stored := r.up().listen("facts are stored")
	r.up().process.Thaw()
	select {
	case <-stored:
	case <-time.After(patience):
		t.Fatalf("the worker that slept stored nothing\n%s", r.heard.end())
	}
	facts.Stop(t)
	truth.WaitForFacts(t, r.up().dsn, ends, r.heard.end)
	if v := r.verify(); !v.OK {
		t.Errorf("the store is not exact: %+v\n%s", v, r.heard.end())
	}
	conn := truth.Connect(t, r.up().dsn)
	truth.CompareEvents(t, conn, in)
	truth.FoldInput(t, r.up().dsn, in, truth.Rules(t, r.data))
	truth.CompareFacts(t, conn)
}
