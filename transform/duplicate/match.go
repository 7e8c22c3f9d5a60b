package duplicate

import (
	"cmp"
	"slices"
)

// Of returns the near-duplicates of text i in the order of the texts, without i itself. The slice is valid until the
// next call.
func (x *Index) Of(i int) []Match {
	x.matches = x.matches[:0]
	own := x.class[i]
	if own < 0 {
		return nil
	}
	for _, m := range x.members[own] {
		if int(m) != i {
			x.matches = append(x.matches, Match{int(m), 1})
		}
	}
	equal := len(x.matches)
	x.candidates(own)
	n := x.sets.size(own)
	for _, c := range x.near {
		met, m := int(x.met[c]), x.sets.size(c)
		x.met[c] = 0
		if met < leastMet(n, m) {
			continue
		}
		shared, ok := overlap(x.sets.of(own), x.sets.of(c), least(n, m))
		if !ok {
			continue
		}
		similarity := float64(shared) / float64(n+m-shared)
		for _, text := range x.members[c] {
			x.matches = append(x.matches, Match{int(text), similarity})
		}
	}
	if len(x.matches) > equal {
		slices.SortFunc(x.matches, func(a, b Match) int { return cmp.Compare(a.Text, b.Text) })
	}
	return x.matches
}

// shortList is up to how many entries are looked through rather than searched for the first that fits.
const shortList = 16

// candidates sets near to the classes that share a prefix gram with one and are of fitting size, and counts those grams.
func (x *Index) candidates(own int32) {
	x.near = x.near[:0]
	n := int32(x.sets.size(own))
	smallest := (thresholdOver*n + thresholdUnder - 1) / thresholdUnder
	for _, g := range x.prefixOf(own) {
		b := x.bucket(g)
		list := x.listed[x.bucketStart[b]:x.bucketStart[b+1]]
		if len(list) > shortList {
			from, _ := slices.BinarySearchFunc(list, smallest, func(e entry, size int32) int { return cmp.Compare(e.size, size) })
			list = list[from:]
		}
		for _, e := range list {
			if thresholdOver*e.size > thresholdUnder*n {
				break
			}
			if e.class == own || e.size < smallest {
				continue
			}
			if x.met[e.class] == 0 {
				x.near = append(x.near, e.class)
			}
			x.met[e.class]++
		}
	}
}

// overlap counts what two ascending sets share and tells whether it is enough; it gives up when it no longer can be.
func overlap(a, b []uint64, least int) (shared int, enough bool) {
	missA, missB := len(a)-least, len(b)-least
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			shared++
			i++
			j++
		case a[i] < b[j]:
			i++
			if missA--; missA < 0 {
				return shared, false
			}
		default:
			j++
			if missB--; missB < 0 {
				return shared, false
			}
		}
	}
	return shared, shared >= least
}
