package main

import (
	"context"
	"fmt"
	"slices"

	"wenguo/transform/duplicate"
)

// duplicates compares the pairs found with those of comparing all texts with all others.
func (b *bench) duplicates(ctx context.Context) error {
	var texts []string
	for _, m := range slices.Concat(b.long.messages, b.short.messages) {
		texts = append(texts, m.Text)
	}
	used := processorTime()
	index, err := duplicate.New(ctx, texts)
	if err != nil {
		return err
	}
	found := map[[2]int]bool{}
	for i := range texts {
		for _, m := range index.Of(i) {
			found[[2]int{min(i, m.Text), max(i, m.Text)}] = true
		}
	}
	used = processorTime() - used
	all := exhaustive(texts)
	right := 0
	for pair := range found {
		if all[pair] {
			right++
		}
	}
	row("near-duplicates: precision / recall", fmt.Sprintf("%.4f / %.4f of %d pairs", float64(right)/float64(max(len(found), 1)),
		float64(right)/float64(max(len(all), 1)), len(all)), "≥ .99 / ≥ .99")
	row("near-duplicates: time", fmt.Sprintf("%.2f s for %d texts", used.Seconds(), len(texts)), "")
	return nil
}

// exhaustive compares all pairs of texts as they stand, by the definition.
func exhaustive(texts []string) map[[2]int]bool {
	ids := map[string]int32{}
	grams := make([][]int32, len(texts))
	for i, s := range texts {
		runes := []rune(s)
		for k := range max(len(runes)-3, 0) {
			g := string(runes[k : k+4])
			if _, ok := ids[g]; !ok {
				ids[g] = int32(len(ids))
			}
			grams[i] = append(grams[i], ids[g])
		}
		slices.Sort(grams[i])
		grams[i] = slices.Compact(grams[i])
	}
	all := map[[2]int]bool{}
	for i := range texts {
		for j := i + 1; j < len(texts); j++ {
			shared := common(grams[i], grams[j])
			either := len(grams[i]) + len(grams[j]) - shared
			if texts[i] == texts[j] || either > 0 && float64(shared)/float64(either) >= duplicate.Threshold {
				all[[2]int{i, j}] = true
			}
		}
	}
	return all
}

func common(a, b []int32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}
