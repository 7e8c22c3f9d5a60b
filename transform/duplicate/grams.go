package duplicate

import (
	"context"
	"fmt"
	"slices"
)

// gramRunes is the length of a gram in code points.
const gramRunes = 4

// alphabet writes a gram as one number, without two grams getting the same.
type alphabet struct {
	// ids number the code points that occur, from 0.
	ids []uint32
	// pairs number two code points in a row; only texts of more than 65,536 different code points need them.
	pairs map[[2]uint32]uint64
}

func newAlphabet(texts []string) *alphabet {
	const unseen = ^uint32(0)
	a := &alphabet{ids: slices.Repeat([]uint32{unseen}, 0x110000)}
	next := uint32(0)
	for _, s := range texts {
		for _, r := range s {
			if a.ids[r] == unseen {
				a.ids[r] = next
				next++
			}
		}
	}
	if next > 1<<16 {
		a.pairs = map[[2]uint32]uint64{}
	}
	return a
}

func (a *alphabet) number(g [gramRunes]uint32) uint64 {
	if a.pairs == nil {
		return uint64(g[0])<<48 | uint64(g[1])<<32 | uint64(g[2])<<16 | uint64(g[3])
	}
	return a.pair(g[0], g[1])<<32 | a.pair(g[2], g[3])
}

func (a *alphabet) pair(first, second uint32) uint64 {
	key := [2]uint32{first, second}
	number, ok := a.pairs[key]
	if !ok {
		number = uint64(len(a.pairs))
		a.pairs[key] = number
	}
	return number
}

// appendGrams appends the distinct grams of a text, ascending.
func (a *alphabet) appendGrams(to []uint64, s string) []uint64 {
	from := len(to)
	var last [gramRunes]uint32
	n := 0
	for _, r := range s {
		last[0], last[1], last[2], last[3] = last[1], last[2], last[3], a.ids[r]
		if n++; n >= gramRunes {
			to = append(to, a.number(last))
		}
	}
	own := to[from:]
	slices.Sort(own)
	return to[:from+len(slices.Compact(own))]
}

// sets are the gram sets of many texts, one after the other: set i is all[start[i]:start[i+1]], ascending.
type sets struct {
	all   []uint64
	start []int
}

// checkEvery is after how many texts a context is asked whether to go on.
const checkEvery = 1024

func newSets(ctx context.Context, texts []string) (sets, error) {
	a := newAlphabet(texts)
	bytes := 0
	for _, s := range texts {
		bytes += len(s)
	}
	// Most characters of complaints take three bytes.
	s := sets{all: make([]uint64, 0, bytes/3), start: make([]int, 1, len(texts)+1)}
	for i, text := range texts {
		if err := ctx.Err(); err != nil && i%checkEvery == 0 {
			return sets{}, fmt.Errorf("find near-duplicates: %w", err)
		}
		s.all = a.appendGrams(s.all, text)
		s.start = append(s.start, len(s.all))
	}
	return s, nil
}

func (s sets) of(i int32) []uint64 { return s.all[s.start[i]:s.start[i+1]] }

func (s sets) size(i int32) int { return s.start[i+1] - s.start[i] }

func (s sets) count() int { return len(s.start) - 1 }
