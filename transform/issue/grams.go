package issue

import (
	"context"
	"slices"
)

// A gram is two or three characters of a Chinese run, or a whole run of Latin letters and digits, packed into a number:
// 21 bits a character, or a hash with the top bit set.
const latinGram = 1 << 63

// appendGrams appends the grams of a normalised text; the result may hold repeats.
func appendGrams(out []uint64, s string) []uint64 {
	var a, b uint64 // the last two characters of the Chinese run, 0 before its start
	var latin uint64
	for _, r := range s {
		switch {
		case r >= 0x3400 && r <= 0x9fff:
			if latin != 0 {
				out, latin = append(out, latin|latinGram), 0
			}
			c := uint64(r)
			if b != 0 {
				out = append(out, b<<21|c)
			}
			if a != 0 {
				out = append(out, a<<42|b<<21|c)
			}
			a, b = b, c
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			a, b = 0, 0
			if latin == 0 {
				latin = 14695981039346656037
			}
			latin = (latin ^ uint64(r)) * 1099511628211
		default:
			a, b = 0, 0
			if latin != 0 {
				out, latin = append(out, latin|latinGram), 0
			}
		}
	}
	if latin != 0 {
		out = append(out, latin|latinGram)
	}
	return out
}

// distinct sorts keys and drops repeats, in place.
func distinct[T int32 | uint64](keys []T) []T {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// gramTable numbers the grams that at least two texts have; others can link nothing and only count in norms.
type gramTable struct {
	id map[uint64]int32
	df []int32
}

// gramShard holds the grams of one range of hashes: which occurred once, which again, and how often those did.
type gramShard struct {
	once, again []uint64
	count       map[uint64]int32
}

// countGrams finds document frequencies in two passes: one marks in bit sets what occurs again, one counts only that.
func countGrams(ctx context.Context, c *corpus, opts Options) (*gramTable, error) {
	const shards = 16
	bits := 1 << 12
	for bits < len(c.texts)*256 && bits < 1<<23 {
		bits <<= 1
	}
	parts := make([]gramShard, shards)
	for k := range parts {
		parts[k] = gramShard{make([]uint64, bits/64+1), make([]uint64, bits/64+1), map[uint64]int32{}}
	}
	const batch = 2048
	keys := make([][]uint64, min(batch, len(c.texts)))
	pass := func(from float64, use func(p *gramShard, key, slot uint64)) error {
		for start := 0; start < len(c.texts); start += batch {
			end := min(start+batch, len(c.texts))
			progress := func(done int) { opts.share("weigh", from, from+0.05, len(c.texts))(start + done) }
			err := each(ctx, opts.Workers, end-start, progress, func(_, i int) {
				t := &c.texts[start+i]
				keys[i] = distinct(appendGrams(appendGrams(keys[i][:0], t.titleText), t.bodyText))
			})
			if err != nil {
				return err
			}
			err = each(ctx, opts.Workers, shards, nil, func(_, k int) {
				for _, doc := range keys[:end-start] {
					for _, key := range doc {
						if h := key * 0x9e3779b97f4a7c15; h>>60 == uint64(k) {
							use(&parts[k], key, h>>20%uint64(bits))
						}
					}
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	err := pass(0.35, func(p *gramShard, _, slot uint64) {
		bit := uint64(1) << (slot % 64)
		if p.once[slot/64]&bit != 0 {
			p.again[slot/64] |= bit
		}
		p.once[slot/64] |= bit
	})
	if err != nil {
		return nil, err
	}
	err = pass(0.40, func(p *gramShard, key, slot uint64) {
		if p.again[slot/64]&(1<<(slot%64)) != 0 {
			p.count[key]++
		}
	})
	if err != nil {
		return nil, err
	}
	return newGramTable(parts), nil
}

// newGramTable numbers the grams that were counted twice or more, in the order of their keys.
func newGramTable(parts []gramShard) *gramTable {
	var again []uint64
	for k := range parts {
		for key, n := range parts[k].count {
			if n > 1 {
				again = append(again, key)
			}
		}
	}
	slices.Sort(again)
	t := &gramTable{id: make(map[uint64]int32, len(again)), df: make([]int32, len(again))}
	for i, key := range again {
		t.id[key] = int32(i)
		t.df[i] = parts[key*0x9e3779b97f4a7c15>>60].count[key]
	}
	return t
}
