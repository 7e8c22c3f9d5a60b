// Command real imports messages that real people wrote and real offices answered, and compares what the pages show with
// what a plain reading of the file says. It starts bin/wenguo on a folder of its own; the file is
// messages_with_replies.jsonl in the folder TEXT_DATA.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench-real:", err)
		os.Exit(1)
	}
}

// figures are what both sides must agree on: messages, and the share of them answered within so many days.
type figures struct {
	registered int64
	shares     map[string]float64
}

func run() error {
	folder := os.Getenv("TEXT_DATA")
	if folder == "" {
		return errors.New("TEXT_DATA is not set: name the folder of the real messages")
	}
	path := filepath.Join(folder, "messages_with_replies.jsonl")
	want, err := fromFile(path)
	if err != nil {
		return err
	}
	got, err := fromPages(path)
	if err != nil {
		return err
	}
	fmt.Printf("%-22s %10s %10s\n", "", "file", "pages")
	fmt.Printf("%-22s %10d %10d\n", "registered", want.registered, got.registered)
	equal := want.registered == got.registered
	for _, days := range []string{"3", "7", "30"} {
		fmt.Printf("answered in %2s days     %10.3f %10.3f\n", days, want.shares[days], got.shares[days])
		equal = equal && math.Abs(want.shares[days]-got.shares[days]) < 1e-9
	}
	if !equal {
		return errors.New("the pages do not show the file's own figures")
	}
	return nil
}

// fromFile reads the figures off the file. Its times carry no zone; both are of one clock, so the differences need none.
func fromFile(path string) (figures, error) {
	file, err := os.Open(path)
	if err != nil {
		return figures{}, fmt.Errorf("open messages: %w", err)
	}
	defer file.Close()
	f := figures{shares: map[string]float64{}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var row struct {
			Time  string `json:"time"`
			Reply string `json:"reply_time"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return f, fmt.Errorf("line %d: %w", f.registered+1, err)
		}
		asked, err := time.Parse(time.DateTime, row.Time)
		if err != nil {
			return f, fmt.Errorf("line %d: time: %w", f.registered+1, err)
		}
		answered, err := time.Parse(time.DateTime, row.Reply)
		if err != nil {
			return f, fmt.Errorf("line %d: reply_time: %w", f.registered+1, err)
		}
		f.registered++
		for days, limit := range map[string]time.Duration{"3": 3, "7": 7, "30": 30} {
			if answered.Sub(asked) <= limit*24*time.Hour {
				f.shares[days]++
			}
		}
	}
	for days := range f.shares {
		f.shares[days] /= float64(f.registered)
	}
	return f, lines.Err()
}

// fromPages imports the file into a fresh wenguo and asks its API.
func fromPages(path string) (f figures, err error) {
	data, err := os.MkdirTemp("", "wenguo-real-*")
	if err != nil {
		return f, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(data)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	const wenguo = "bin/wenguo"
	up := exec.CommandContext(ctx, wenguo, "up", "--data", data, "--listen", "127.0.0.1:0")
	up.Stderr = os.Stderr
	up.Cancel = func() error { return up.Process.Signal(os.Interrupt) }
	if err := up.Start(); err != nil {
		return f, fmt.Errorf("start %s: %w", wenguo, err)
	}
	defer func() { cancel(); _ = up.Wait() }()
	address, err := listening(ctx, data)
	if err != nil {
		return f, err
	}
	started := time.Now()
	load := exec.CommandContext(ctx, wenguo, "import", path, "--data", data)
	load.Stderr, load.Stdout = os.Stderr, os.Stdout
	if err := load.Run(); err != nil {
		return f, fmt.Errorf("import: %w", err)
	}
	fmt.Printf("imported in %.1f s\n", time.Since(started).Seconds())
	var answer struct {
		KPIs map[string]struct {
			N            int64              `json:"n"`
			Distribution map[string]float64 `json:"distribution"`
		} `json:"kpis"`
	}
	if err := get(ctx, "http://"+address+"/api/v1/kpis?period=all&id=handling_time&id=completion", &answer); err != nil {
		return f, err
	}
	return figures{registered: answer.KPIs["completion"].N, shares: answer.KPIs["handling_time"].Distribution}, nil
}

// listening waits until the pages answer and gives their address.
func listening(ctx context.Context, data string) (string, error) {
	for {
		content, err := os.ReadFile(filepath.Join(data, "instance.json"))
		var instance struct {
			Listen string `json:"listen"`
		}
		if err == nil && json.Unmarshal(content, &instance) == nil && instance.Listen != "" {
			return instance.Listen, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return "", fmt.Errorf("wenguo did not start: %w", ctx.Err())
		}
	}
}

func get(ctx context.Context, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: %s", address, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}
