package lifecycle_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

const megabyte = 1 << 20

// disk mounts a small disk of its own and returns its folder; it needs root, as CI has.
func disk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Fatalf("mount a small disk, which only root can: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// fill writes a file that leaves so many bytes of the disk.
func fill(t *testing.T, dir string, leave int64) (path string) {
	t.Helper()
	path = filepath.Join(dir, "filler")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	block := make([]byte, megabyte)
	for free(t, dir) > leave {
		if _, err := file.Write(block[:min(int64(len(block)), free(t, dir)-leave)]); err != nil {
			return path // full to the last byte
		}
	}
	return path
}

func free(t *testing.T, dir string) int64 {
	t.Helper()
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		t.Fatal(err)
	}
	return int64(stat.Bavail) * stat.Bsize
}

func TestAFullDiskIsRefusedAtTheStart(t *testing.T) {
	for name, leave := range map[string]int64{"little is left": 20 * megabyte, "nothing is left": 0} {
		t.Run(name, func(t *testing.T) {
			dir := disk(t, 64)
			fill(t, dir, leave)
			data := filepath.Join(dir, "data")
			refused(t, program.Run(t, nil, "up", "--data", data, "--listen", "127.0.0.1:0"),
				"the disk of the data folder "+data+" is full", "free some", "--data")
		})
	}
}

// bulky is an event that no compression makes small.
func bulky(rng *rand.Rand, number int) ingest.Message {
	m := message(number)
	noise := make([]byte, 0, 30_000)
	for len(noise) < cap(noise) {
		noise = append(noise, byte('0'+rng.IntN(75)))
	}
	text := strings.NewReplacer(`\`, "a", `"`, "b").Replace(string(noise))
	m.Value = []byte(strings.TrimSuffix(string(m.Value), "}") + fmt.Sprintf(`,"padding":"%s"}`, text))
	return m
}

func TestADiskThatFillsUpStopsIntakeAndNothingElse(t *testing.T) {
	const reserve = 64
	dir := disk(t, 160)
	data := filepath.Join(dir, "data")
	up := program.Start(t, data, []string{fmt.Sprintf("WENGUO_DISK_RESERVE=%d", reserve*megabyte)})
	producer := kafka.NewProducer(bus(up), ingest.TopicEvents)
	sent := produceUntilFull(t, up, producer)
	if left := free(t, dir); left < reserve*megabyte/4 {
		t.Errorf("%d MB are left of a reserve of %d", left>>20, reserve)
	}
	if !strings.Contains(up.Log(), "folder="+data) {
		t.Errorf("the folder is not named:\n%s", up.Log())
	}

	filler := fill(t, dir, 0) // another program takes the rest
	before := strings.Count(up.Log(), "\n")
	time.Sleep(5 * time.Second)
	if more := strings.Count(up.Log(), "\n") - before; more > 10 {
		t.Errorf("%d lines of log in 5 s of a full disk:\n%s", more, up.Log())
	}
	answer, err := http.Get("http://" + up.Listen + "/healthz")
	if err != nil {
		t.Fatalf("no page answers: %v\n%s", err, up.Log())
	}
	answer.Body.Close()

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=512m"); err != nil {
		t.Fatal(err)
	}
	await(t, up, "has room again")
	if err := producer.Close(); err != nil { // it still tries what was refused
		t.Error(err)
	}
	sent = produce(t.Context(), up, sent, sent+3000)
	exact(t, up, data, sent)
	up.Kill()
	exact(t, program.Start(t, data, nil), data, sent)
}

// produceUntilFull sends bulky events until the program says that it takes no more, and sees that it takes no more.
func produceUntilFull(t *testing.T, up *program.Up, p *kafka.Producer) (sent int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	for {
		full := strings.Contains(up.Log(), "the disk of the data folder is full")
		batch := make([]ingest.Message, 0, 30)
		for n := range cap(batch) {
			batch = append(batch, bulky(rng, sent+n))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := p.Produce(ctx, batch)
		cancel()
		switch {
		case full && err == nil:
			t.Fatal("messages are acknowledged by a full disk")
		case full:
			return sent
		case err == nil:
			sent += len(batch)
		case !strings.Contains(up.Log(), "is full"):
			t.Fatalf("produce: %v\n%s", err, up.Log())
		}
		if sent > 20_000 {
			t.Fatalf("the disk is not full after %d messages:\n%s", sent, up.Log())
		}
	}
}

func await(t *testing.T, up *program.Up, sentence string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(up.Log(), sentence); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log never says %q:\n%s", sentence, up.Log())
		}
	}
}
