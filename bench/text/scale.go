package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
	"wenguo/transform/issue"
)

// simulatedDays is how long the simulated history is: thirteen months.
const simulatedDays = 395

// stableUpTo is up to how many texts stability is measured too.
const stableUpTo = 30_000

// oneFigures is what a process of its own says about one file of texts.
type oneFigures struct {
	Seconds, Processor        float64
	Issues, PeakMiB           int
	MeanF1, Precision, Recall float64
	Assign                    string
	Kept, IDs                 float64
}

// runScale discovers the issues of simulated texts, each number in a process of its own, so that its peak memory is known.
func runScale(ctx context.Context, sizes []int) error {
	folder, err := os.MkdirTemp("", "wenguo-text-*")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(folder)
	fmt.Printf("\n%8s %9s %11s %9s %7s %8s %9s %7s %8s %8s  %s\n", "texts", "seconds", "processor", "MiB peak", "issues", "mean F1",
		"precision", "recall", "stay", "ids", "a new text")
	for _, n := range sizes {
		path := filepath.Join(folder, fmt.Sprint(n, ".jsonl"))
		if err := simulateTexts(path, n); err != nil {
			return err
		}
		child := exec.CommandContext(ctx, os.Args[0], "-one", path)
		child.Stderr = os.Stderr
		answer, err := child.Output()
		if err != nil {
			return fmt.Errorf("%d texts: %w", n, err)
		}
		var f oneFigures
		if err := json.Unmarshal(answer, &f); err != nil {
			return fmt.Errorf("%d texts: read figures: %w", n, err)
		}
		stay, ids := "–", "–"
		if f.Kept > 0 {
			stay, ids = fmt.Sprintf("%.4f", f.Kept), fmt.Sprintf("%.4f", f.IDs)
		}
		fmt.Printf("%8d %9.1f %11.1f %9d %7d %8.3f %9.3f %7.3f %8s %8s  %s\n", n, f.Seconds, f.Processor, f.PeakMiB, f.Issues,
			f.MeanF1, f.Precision, f.Recall, stay, ids, f.Assign)
	}
	return nil
}

// simulateTexts writes the texts of about n complaints of thirteen months, and never more.
func simulateTexts(path string, n int) error {
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	perDay := 1.2 * float64(n) / simulatedDays
	world, err := simulate.New(simulate.Config{Seed: 7, Start: start, PerDay: func(int) float64 { return perDay }})
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write texts: %w", err)
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	encoder := json.NewEncoder(out)
	written, seen := 0, map[string]bool{}
	for r := range world.Records(start, start.AddDate(2, 0, 0)) {
		if r.Kind != ingest.KindRegistered || r.Bad != "" || seen[r.ComplaintID] {
			continue
		}
		seen[r.ComplaintID] = true
		event, err := ingest.Decode(r.Value)
		if err != nil {
			return fmt.Errorf("simulated event: %w", err)
		}
		data, ok := event.Data.(*ingest.Registered)
		if !ok {
			return fmt.Errorf("simulated event holds %T", event.Data)
		}
		err = encoder.Encode(line{
			ID: r.ComplaintID, User: data.Customer.ID, Title: data.Title, Text: data.Content,
			Time: event.OccurredAt.Format(time.DateTime), Truth: world.Truth(r.ComplaintID),
		})
		if err != nil {
			return fmt.Errorf("write texts: %w", err)
		}
		if written++; written == n {
			break
		}
	}
	if err := errors.Join(out.Flush(), file.Close()); err != nil {
		return fmt.Errorf("write texts: %w", err)
	}
	return nil
}

// printOne discovers the issues of one file.
func printOne(ctx context.Context, path string) error {
	rows, messages, err := readLines(path)
	if err != nil {
		return err
	}
	seg, err := openSegmenter()
	if err != nil {
		return err
	}
	defer seg.Close()
	started, used := time.Now(), processorTime()
	found, err := issue.Discover(ctx, messages, seg, issue.Options{})
	if err != nil {
		return err
	}
	f := oneFigures{Seconds: time.Since(started).Seconds(), Processor: (processorTime() - used).Seconds(), Issues: len(found.Issues)}
	truth := longSet{messages: messages, issues: map[string][]int{}}
	for i, l := range rows {
		if l.Truth != "" {
			truth.issues[l.Truth] = append(truth.issues[l.Truth], i)
		}
	}
	for name, texts := range truth.issues {
		if len(texts) < 2 {
			delete(truth.issues, name)
		}
	}
	s := truth.score(clusters(found.Issues, len(messages)))
	f.MeanF1, f.Precision, f.Recall = s.meanF1, s.precision, s.recall
	if f.PeakMiB, err = peakMemory(); err != nil {
		return err
	}
	f.Assign = assignTimes(found, messages[max(0, len(messages)-1000):], seg)
	if len(messages) <= stableUpTo {
		if f.Kept, f.IDs, err = stay(ctx, messages, seg, rand.New(rand.NewPCG(1, 1))); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(f); err != nil {
		return fmt.Errorf("print figures: %w", err)
	}
	return nil
}

// peakMemory is the largest resident memory of this process so far, in MiB. The system tells it per program, while that of
// an ended child counts in what its parent had when it started it.
func peakMemory() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	for l := range strings.Lines(string(status)) {
		var kib int
		if _, err := fmt.Sscanf(l, "VmHWM: %d kB", &kib); err == nil {
			return kib >> 10, nil
		}
	}
	return 0, errors.New("read memory: the system does not tell it")
}
