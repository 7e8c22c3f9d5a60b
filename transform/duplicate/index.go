package duplicate

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
)

// Threshold is the least similarity of near-duplicates, as a fraction.
const (
	thresholdOver  = 4
	thresholdUnder = 5
	// Threshold is the same as a number.
	Threshold = float64(thresholdOver) / thresholdUnder
)

// Match is a near-duplicate of a text.
type Match struct {
	// Text is its index.
	Text int
	// Similarity is the Jaccard similarity of the 4-grams, Threshold to 1; equal texts have 1.
	Similarity float64
}

// entry is a class with the size of its set.
type entry struct{ class, size int32 }

// Index answers which texts are near-duplicates of one. It is for one goroutine.
type Index struct {
	// class is the number of each text's content, -1 for an empty one; members lists the texts of each class.
	class   []int32
	members [][]int32
	sets    sets
	// prefixes holds the rarest grams of class c at prefixStart[c]:prefixStart[c+1], rarest first.
	prefixes    []uint64
	prefixStart []int
	// A gram's bucket lists the classes with such a gram in their prefix, smallest set first:
	// listed[bucketStart[b]:bucketStart[b+1]].
	listed      []entry
	bucketStart []int32
	shift       int

	// met counts the grams that a class shares with the prefix being looked up.
	met     []int32
	near    []int32
	matches []Match
}

// New compares nothing yet; it prepares the texts. It fails only when the context ends.
func New(ctx context.Context, texts []string) (*Index, error) {
	x := &Index{class: make([]int32, len(texts))}
	known := make(map[string]int32, len(texts))
	var distinct []string
	for i, s := range texts {
		s = Normalize(s)
		if s == "" {
			x.class[i] = -1
			continue
		}
		c, ok := known[s]
		if !ok {
			c = int32(len(distinct))
			known[s] = c
			distinct, x.members = append(distinct, s), append(x.members, nil)
		}
		x.class[i] = c
		x.members[c] = append(x.members[c], int32(i))
	}
	var err error
	if x.sets, err = newSets(ctx, distinct); err != nil {
		return nil, err
	}
	x.met = make([]int32, len(distinct))
	counts := x.countGrams()
	x.takePrefixes(counts)
	x.fillBuckets()
	return x, nil
}

// countGrams counts how many grams fall into each bucket: nearly in how many texts a gram is.
func (x *Index) countGrams() []int32 {
	width := min(max(bits.Len(uint(len(x.sets.all))), 8), 22)
	x.shift = 64 - width
	counts := make([]int32, 1<<width)
	for _, g := range x.sets.all {
		counts[x.bucket(g)]++
	}
	return counts
}

// bucket spreads grams evenly (Fibonacci hashing). Grams that meet in one only cost time.
func (x *Index) bucket(g uint64) uint64 { return g * 0x9e3779b97f4a7c15 >> x.shift }

// prefix is how many grams of a set of n are looked up, the first in an order of all grams. Two sets that are similar
// enough share one of them at least, whatever the order; with the rarest first there is least to look at.
func prefix(n int) int { return n - (thresholdOver*n+thresholdUnder-1)/thresholdUnder + 1 }

// least is how many grams sets of n and m must share: o shared ones give the similarity o/(n+m-o).
func least(n, m int) int {
	const parts = thresholdOver + thresholdUnder
	return (thresholdOver*(n+m) + parts - 1) / parts
}

// leastMet is how many grams the prefixes of sets of n and m must share. Of the set whose prefix ends first in the order,
// what lies behind the prefix can't give more; and the other's prefix has all that the two share up to there.
func leastMet(n, m int) int { return least(n, m) + min(prefix(n)-n, prefix(m)-m) }

// commonBits is how many bits a gram's place in a set may take beside its count.
const commonBits = 40

func (x *Index) takePrefixes(counts []int32) {
	x.prefixStart = make([]int, 1, x.sets.count()+1)
	var ranks []uint64
	for c := range x.sets.count() {
		own := x.sets.of(int32(c))
		ranks = ranks[:0]
		// Grams of one count follow each other as in every set.
		for k, g := range own {
			ranks = append(ranks, uint64(min(counts[x.bucket(g)], 1<<(64-commonBits)-1))<<commonBits|uint64(k))
		}
		slices.Sort(ranks)
		for _, r := range ranks[:min(prefix(len(own)), len(own))] {
			// A gram of one text leads to no other.
			if r>>commonBits > 1 {
				x.prefixes = append(x.prefixes, own[r&(1<<commonBits-1)])
			}
		}
		x.prefixStart = append(x.prefixStart, len(x.prefixes))
	}
}

func (x *Index) prefixOf(c int32) []uint64 { return x.prefixes[x.prefixStart[c]:x.prefixStart[c+1]] }

func (x *Index) fillBuckets() {
	x.bucketStart = make([]int32, 1<<(64-x.shift)+1)
	for _, g := range x.prefixes {
		x.bucketStart[x.bucket(g)+1]++
	}
	for b := 1; b < len(x.bucketStart); b++ {
		x.bucketStart[b] += x.bucketStart[b-1]
	}
	bySize := make([]int32, x.sets.count())
	for c := range bySize {
		bySize[c] = int32(c)
	}
	slices.SortFunc(bySize, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.sets.size(a), x.sets.size(b)), cmp.Compare(a, b))
	})
	x.listed = make([]entry, len(x.prefixes))
	next := slices.Clone(x.bucketStart)
	for _, c := range bySize {
		for _, g := range x.prefixOf(c) {
			b := x.bucket(g)
			x.listed[next[b]] = entry{c, int32(x.sets.size(c))}
			next[b]++
		}
	}
}
