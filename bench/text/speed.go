package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"
	"unicode/utf8"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

// processorTime is what this process has used, so that a busy machine does not blur the figures.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (b *bench) speed(ctx context.Context) error {
	runes := 0
	for _, m := range b.long.messages {
		runes += utf8.RuneCountInString(m.Text)
	}
	rate := func(work func(string) string) string {
		used := processorTime()
		for _, m := range b.long.messages {
			work(m.Text)
		}
		return fmt.Sprintf("%.2f million characters/s", float64(runes)/1e6/(processorTime()-used).Seconds())
	}
	cut := func(s string) string { b.seg.CutOf(s); return "" }
	row("text step on one processor: mask, normalise, segment", rate(func(s string) string {
		return cut(text.Normalize(text.Mask(s)))
	}), "≥ 3 million")
	row("of these: masking alone", rate(text.Mask), "")
	row("of these: normalising alone", rate(text.Normalize), "")
	normal := slices.Clone(b.long.messages)
	for i := range normal {
		normal[i].Text = text.Normalize(text.Mask(normal[i].Text))
	}
	used := processorTime()
	for _, m := range normal {
		cut(m.Text)
	}
	row("of these: segmenting alone", fmt.Sprintf("%.2f million characters/s", float64(runes)/1e6/(processorTime()-used).Seconds()), "")

	used = processorTime()
	found, err := issue.Discover(ctx, b.long.messages, b.seg, issue.Options{})
	if err != nil {
		return err
	}
	row("letters: discovery", fmt.Sprintf("%.2f s of processor time", (processorTime()-used).Seconds()), "")
	row("letters: a new text assigned", assignTimes(found, b.long.messages, b.seg), "≤ 2 ms")
	return nil
}

// assignTimes assigns texts as if they were new: with a word in front that none of them has, or equal ones would be
// looked up.
func assignTimes(found issue.Result, messages []issue.Message, seg issue.Segmenter) string {
	times := make([]time.Duration, 0, len(messages))
	used := processorTime()
	for i, m := range messages {
		m.ID, m.User = fmt.Sprint("new ", i), fmt.Sprint("new ", i)
		m.Text = fmt.Sprint("xq", i, " ") + m.Text
		started := time.Now()
		found.Assign(m, seg)
		times = append(times, time.Since(started))
	}
	used = processorTime() - used
	slices.Sort(times)
	return fmt.Sprintf("%.2f ms mean, %.2f ms p99", float64(used.Microseconds())/1e3/float64(max(len(times), 1)),
		float64(times[len(times)*99/100].Microseconds())/1e3)
}

// draws is how often the new texts are drawn for stability.
const draws = 5

func (b *bench) stability(ctx context.Context) error {
	var kept, ids float64
	r := rand.New(rand.NewPCG(1, 1))
	for range draws {
		k, i, err := stay(ctx, b.long.messages, b.seg, r)
		if err != nil {
			return err
		}
		kept, ids = kept+k/draws, ids+i/draws
	}
	row("letters: 1 % new texts, assignments / ids kept", fmt.Sprintf("%.4f / %.4f", kept, ids), "≥ .98 / all")
	return nil
}

// stay discovers without one text of a hundred, then with all, and tells which share of the texts stay in their issue (or
// in none) and which share of the issues' ids live on.
func stay(ctx context.Context, messages []issue.Message, seg issue.Segmenter, r *rand.Rand) (assignments, ids float64, err error) {
	fresh := map[int]bool{}
	for _, i := range r.Perm(len(messages))[:len(messages)/100] {
		fresh[i] = true
	}
	before := cut(messages, func(i int) bool { return !fresh[i] })
	found, err := issue.Discover(ctx, before, seg, issue.Options{})
	if err != nil {
		return 0, 0, err
	}
	earlier := members(before, issue.Match(nil, before, found.Issues))
	if found, err = issue.Discover(ctx, messages, seg, issue.Options{Earlier: earlier}); err != nil {
		return 0, 0, err
	}
	later := members(messages, issue.Match(earlier, messages, found.Issues))
	same := 0
	for _, m := range before {
		if earlier[m.ID] == later[m.ID] {
			same++
		}
	}
	alive, known := map[string]bool{}, map[string]bool{}
	for _, id := range later {
		alive[id] = true
	}
	lives := 0
	for _, id := range earlier {
		if !known[id] && alive[id] {
			lives++
		}
		known[id] = true
	}
	return float64(same) / float64(len(before)), float64(lives) / float64(max(len(known), 1)), nil
}

// members tells the issue of each message that is in one.
func members(messages []issue.Message, issues []issue.Issue) map[string]string {
	of := map[string]string{}
	for _, is := range issues {
		for _, m := range is.Members {
			of[messages[m].ID] = is.ID
		}
	}
	return of
}
