// Command text measures everything that is promised about complaint text: recurring issues of real letters and of
// one-liners, near-duplicates, speed, stability, how it grows with the number of texts, and what each part of the recipe
// is good for. The real texts are in the folder TEXT_DATA; none of them is printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

func main() {
	scale := flag.String("scale", "10,20,30,100", "thousands of simulated texts to discover issues in; empty for none")
	ablation := flag.Bool("ablation", true, "leave out one part of the recipe after the other")
	one := flag.String("one", "", "discover the issues of this file of simulated texts, and print figures as JSON")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := func() error { return measure(ctx, *scale, *ablation) }
	if *one != "" {
		run = func() error { return printOne(ctx, *one) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench-text:", err)
		os.Exit(1)
	}
}

// bench holds the real texts and what cuts them.
type bench struct {
	seg   *text.Segmenter
	long  longSet
	short shortSet
}

func measure(ctx context.Context, scale string, ablation bool) error {
	folder := os.Getenv("TEXT_DATA")
	if folder == "" {
		return errors.New("TEXT_DATA is not set: name the folder of the real texts")
	}
	sizes, err := parseSizes(scale)
	if err != nil {
		return err
	}
	var b bench
	if b.long, err = readLong(filepath.Join(folder, "recurring_issues.jsonl"), filepath.Join(folder, "recurring_issues_reference.csv")); err != nil {
		return err
	}
	if b.short, err = readShort(filepath.Join(folder, "car_complaints.jsonl")); err != nil {
		return err
	}
	if b.seg, err = openSegmenter(); err != nil {
		return err
	}
	defer b.seg.Close()
	fmt.Printf("%d letters, %d issues known among them; %d one-liners\n\n", len(b.long.messages), len(b.long.issues), len(b.short.messages))
	for _, step := range []func(context.Context) error{b.quality, b.duplicates, b.speed, b.stability} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if ablation {
		if err := b.ablation(ctx); err != nil {
			return err
		}
	}
	if len(sizes) > 0 {
		return runScale(ctx, sizes)
	}
	return nil
}

func parseSizes(thousands string) ([]int, error) {
	var sizes []int
	for s := range strings.SplitSeq(thousands, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-scale: %q is no number of thousands", s)
		}
		sizes = append(sizes, n*1000)
	}
	return sizes, nil
}

func openSegmenter() (*text.Segmenter, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("find the user's cache folder: %w", err)
	}
	return text.Open(filepath.Join(cache, "wenguo"))
}

// row prints one figure with its goal.
func row(name, figure, goal string) {
	if goal != "" {
		goal = "goal " + goal
	}
	fmt.Printf("%-52s %-28s %s\n", name, figure, goal)
}

func (b *bench) quality(ctx context.Context) error {
	long, short, err := b.scores(ctx, issue.Without{})
	if err != nil {
		return err
	}
	row("letters: mean F1 / B-cubed F1 / template's share", long.String(), "≥ .96 / ≥ .97 / ≤ .15")
	row("letters: issues found, B-cubed precision and recall", fmt.Sprintf("%d of %d, %.3f, %.3f", long.found, long.issues, long.precision, long.recall), "")
	row("one-liners: B-cubed F1", fmt.Sprintf("%.3f", short.f1), "≥ .77")
	row("one-liners: precision, recall", fmt.Sprintf("%.3f, %.3f", short.precision, short.recall), "")
	return nil
}

// scores discovers the issues of both sets.
func (b *bench) scores(ctx context.Context, without issue.Without) (long longScore, short shortScore, err error) {
	opts := issue.Options{Without: without}
	found, err := issue.Discover(ctx, b.long.messages, b.seg, opts)
	if err != nil {
		return long, short, err
	}
	long = b.long.score(clusters(found.Issues, len(b.long.messages)))
	if found, err = issue.Discover(ctx, b.short.messages, b.seg, opts); err != nil {
		return long, short, err
	}
	return long, b.short.score(clusters(found.Issues, len(b.short.messages))), nil
}

// clusters tells the number of each message's issue, -1 for none.
func clusters(issues []issue.Issue, messages int) []int {
	of := make([]int, messages)
	for i := range of {
		of[i] = -1
	}
	for k, is := range issues {
		for _, m := range is.Members {
			of[m] = k
		}
	}
	return of
}

func (b *bench) ablation(ctx context.Context) error {
	fmt.Printf("\n%-40s %-22s %s\n", "without", "letters F1/b3/share", "one-liners F1")
	for _, c := range []struct {
		name    string
		without issue.Without
	}{
		{"nothing", issue.Without{}},
		{"characters beside words", issue.Without{Characters: true}},
		{"the chance term b", issue.Without{Chance: true}},
		{"the discount for authors' boilerplate", issue.Without{Boilerplate: true}},
		{"second evidence (stage 1b)", issue.Without{Second: true}},
		{"thing and fault (stage 2)", issue.Without{Merge: true}},
		{"crowds that speak alike (stage 3)", issue.Without{Crowds: true}},
		{"links of one issue's pieces (stage 4)", issue.Without{Cover: true}},
		{"what shares more than the place (stage 5)", issue.Without{Matter: true}},
		{"stages 2 and 3", issue.Without{Merge: true, Crowds: true}},
		{"stages 1b, 2 and 3", issue.Without{Second: true, Merge: true, Crowds: true}},
		{"the veto of different names", issue.Without{Veto: true}},
		{"words locked to names", issue.Without{Lock: true}},
	} {
		long, short, err := b.scores(ctx, c.without)
		if err != nil {
			return err
		}
		fmt.Printf("%-40s %-22s %.3f\n", c.name, long, short.f1)
	}
	return nil
}
