package privacy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// load produces complaints of nobody until ctx ends, and gives how many messages were acknowledged.
func (r *running) load(ctx context.Context) int {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = r.Kafka
	producer := kafka.NewProducer(cfg, ingest.TopicEvents)
	defer func() { go producer.Close() }()
	acked := 0
	for n := 0; ctx.Err() == nil; n++ {
		var batch []ingest.Message
		for i := range 50 {
			batch = append(batch, tells(fmt.Sprintf("L-%d-%d", n, i), fmt.Sprintf("客户%d", n))...)
		}
		batch = append(batch, ingest.Message{Key: "refused", Value: []byte("no JSON"), Time: begun})
		if producer.Produce(ctx, batch) == nil {
			acked += len(batch)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return acked
}

func TestABackupUnderLoadIsRestoredWholeAndForgets(t *testing.T) {
	t.Parallel()
	data, copied, restored := t.TempDir(), filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	r := start(t, data)
	lay(t, connect(t, r.Up))
	asked, kept := secret(50), secret(51)
	r.send(true, append(tells("C-1", asked), tells("C-2", kept)...)...)
	ctx, stop := context.WithCancel(t.Context())
	acked := make(chan int, 1)
	go func() { acked <- r.load(ctx) }()
	time.Sleep(2 * time.Second)
	before, err := kafka.EndOffsets(t.Context(), r.bus(), ingest.TopicEvents)
	if err != nil {
		t.Fatal(err)
	}
	said := r.command("backup", "--out", copied)
	time.Sleep(500 * time.Millisecond)
	stop()
	t.Logf("%d messages under load; %s", <-acked, strings.TrimSpace(said.Stdout))
	if left, err := filepath.Glob(filepath.Join(data, "engine", "store", "shadow", "*", "*")); err != nil || len(left) > 0 {
		t.Errorf("the backup leaves %v behind, %v", left, err)
	}
	if again := program.Run(t, nil, "backup", "--out", copied, "--data", data); again.Code != 1 || !strings.Contains(again.LastLine(), "is there already") {
		t.Errorf("a second backup into the same folder ended with %d: %s", again.Code, again.Stderr)
	}
	r.command("erase", "--customer", asked)
	r.KillAll(t)
	if in := inFiles(t, copied, asked); len(in) == 0 {
		t.Error("the backup does not hold the value, so restoring it proves nothing")
	}

	list := filepath.Join(data, "erasures.ndjson")
	result := program.Run(t, nil, "restore", "--from", copied, "--data", restored, "--erasures", list)
	if result.Code != 0 || !strings.Contains(result.Stdout, "重新删除 1 件") {
		t.Fatalf("restore ended with %d: %s%s", result.Code, result.Stdout, result.Stderr)
	}
	r = start(t, restored)
	conn := connect(t, r.Up)
	if in := inTables(t, conn, asked); len(in) > 0 {
		t.Errorf("after the restore the forgotten customer is in %v", in)
	}
	if in := inTables(t, conn, kept); known(in) != "complaints events" {
		t.Errorf("the other customer is in %v", in)
	}
	r.exact(before)
	r.send(true, tells("C-9", "后来的客户")...)
	r.exact(before)
	if refused := program.Run(t, nil, "restore", "--from", copied, "--data", restored); refused.Code != 1 || !strings.Contains(refused.LastLine(), "is not empty") {
		t.Errorf("a restore into a full folder ended with %d: %s", refused.Code, refused.Stderr)
	}
}

func (r *running) bus() kafka.Config {
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = r.Kafka
	return cfg
}

// exact proves that the store holds every message of the topic once, and at least those below the offsets.
func (r *running) exact(least map[int]int64) {
	r.t.Helper()
	r.settled()
	var v struct {
		OK         bool
		Partitions []struct{ Partition, To, From, Blocks int64 }
	}
	if err := json.Unmarshal([]byte(r.command("verify", "--json").Stdout), &v); err != nil || !v.OK {
		r.t.Fatalf("verify: %v, %+v", err, v)
	}
	ends, err := kafka.EndOffsets(r.t.Context(), r.bus(), ingest.TopicEvents)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range v.Partitions {
		if n := int(p.Partition); p.From != 0 || p.To != ends[n] || p.To < least[n] {
			r.t.Errorf("partition %d is stored from %d to %d; the topic ends at %d, at the backup it ended at %d", n, p.From, p.To, ends[n], least[n])
		}
	}
}
