package issue

import (
	"cmp"
	"context"
	"slices"
)

// link is a pair of texts, or of clusters, with its evidence.
type link struct {
	evidence float64
	a, b     int32
}

// findLinks returns pairs a < b of texts, found through an inverted index of each text's heaviest features: the strongest of
// each text, whose evidence reaches linkAt, and all whose evidence reaches weakAt.
func findLinks(ctx context.Context, g *weighted, opts Options) (strong, all []link, err error) {
	heavy := g.heaviest()
	index := invert(heavy, len(g.df))
	finders := make([]finder, opts.Workers)
	found := make([][]link, g.n)
	err = each(ctx, opts.Workers, g.n, opts.share("compare", 0.6, 0.75, g.n), func(w, i int) {
		f := &finders[w]
		if f.score == nil {
			f.score = make([]float32, g.n)
			f.dense = make([]float32, len(g.df))
		}
		found[i] = f.links(g, heavy, index, int32(i))
	})
	if err != nil {
		return nil, nil, err
	}
	all = unique(slices.Concat(found...))
	for i, links := range found {
		end := slices.IndexFunc(links, func(l link) bool { return l.evidence < linkAt })
		if end < 0 {
			end = len(links)
		}
		found[i] = links[:min(kept, end)]
	}
	return unique(slices.Concat(found...)), all, nil
}

// unique sorts links by their texts and drops repeats, in place.
func unique(links []link) []link {
	slices.SortFunc(links, func(x, y link) int {
		if x.a != y.a {
			return int(x.a - y.a)
		}
		return int(x.b - y.b)
	})
	return slices.CompactFunc(links, func(x, y link) bool { return x.a == y.a && x.b == y.b })
}

// heaviest returns of every vector the part that is indexed, heaviest first; of equal texts the first stands for all.
func (g *weighted) heaviest() []vector {
	limit := int32(indexCap(g.n))
	out := make([]vector, g.n)
	type entry struct {
		at  int32
		val float32
	}
	var all []entry
	for i, x := range g.x {
		if g.twin[i] != int32(i) {
			continue
		}
		all = all[:0]
		for k, at := range x.at {
			if df := g.df[at]; df > 1 && df <= limit {
				all = append(all, entry{at, x.val[k]})
			}
		}
		slices.SortFunc(all, func(p, q entry) int {
			if p.val != q.val {
				return cmp.Compare(q.val, p.val)
			}
			return int(p.at - q.at)
		})
		all = all[:min(indexed, len(all))]
		v := vector{make([]int32, len(all)), make([]float32, len(all))}
		for k, e := range all {
			v.at[k], v.val[k] = e.at, e.val
		}
		out[i] = v
	}
	return out
}

// invert returns for every feature the vectors that have it; at holds their positions.
func invert(x []vector, features int) []vector {
	count := make([]int32, features)
	for _, v := range x {
		for _, at := range v.at {
			count[at]++
		}
	}
	out := make([]vector, features)
	for i, v := range x {
		for k, at := range v.at {
			if out[at].at == nil {
				out[at] = vector{make([]int32, 0, count[at]), make([]float32, 0, count[at])}
			}
			out[at].at = append(out[at].at, int32(i))
			out[at].val = append(out[at].val, v.val[k])
		}
	}
	return out
}

// best returns the rescored ones of near that score highest, without i itself.
func (f *finder) best(i int32) []int32 {
	f.top = f.top[:0]
	for _, j := range f.near {
		if j == i {
			continue
		}
		c := candidate{f.score[j], j}
		switch {
		case len(f.top) < rescored:
			f.top = append(f.top, c)
			if len(f.top) == rescored {
				for k := rescored/2 - 1; k >= 0; k-- {
					f.sink(k)
				}
			}
		case f.top[0].below(c):
			f.top[0] = c
			f.sink(0)
		}
	}
	f.chosen = f.chosen[:0]
	for _, c := range f.top {
		f.chosen = append(f.chosen, c.text)
	}
	return f.chosen
}

// candidate is a text with its score in the index; the lower number wins a tie.
type candidate struct {
	score float32
	text  int32
}

func (c candidate) below(d candidate) bool {
	return c.score < d.score || c.score == d.score && c.text > d.text
}

// sink restores the heap whose root is the worst of the best.
func (f *finder) sink(k int) {
	for {
		child := 2*k + 1
		if child >= len(f.top) {
			return
		}
		if child+1 < len(f.top) && f.top[child+1].below(f.top[child]) {
			child++
		}
		if !f.top[child].below(f.top[k]) {
			return
		}
		f.top[k], f.top[child] = f.top[child], f.top[k]
		k = child
	}
}

// markWords is the size of the marks, which stay in the processor's nearest cache, as the dense vector does not.
const markWords = 1 << 10

// finder holds the buffers of one worker.
type finder struct {
	score, dense []float32
	// marked tells, by the lower bits of a feature, whether the dense vector may have it.
	marked       [markWords]uint64
	near, chosen []int32
	top          []candidate
}

func (f *finder) links(g *weighted, heavy, index []vector, i int32) []link {
	f.near = f.near[:0]
	visited := 0
	for k, at := range heavy[i].at {
		if visited += len(index[at].at); visited > lookups && k > 0 {
			break
		}
		v := heavy[i].val[k]
		for m, j := range index[at].at {
			if f.score[j] == 0 {
				f.near = append(f.near, j)
			}
			f.score[j] += v * index[at].val[m]
		}
	}
	f.score[i] = 0
	best := f.best(i)
	for k, at := range g.x[i].at {
		f.dense[at] = g.x[i].val[k]
		f.marked[at>>6&(markWords-1)] |= 1 << (at & 63)
	}
	var out []link
	for _, j := range best {
		sum := 0.0
		values := g.x[j].val
		for k, at := range g.x[j].at {
			if f.marked[at>>6&(markWords-1)]&(1<<(at&63)) != 0 {
				sum += float64(f.dense[at]) * float64(values[k])
			}
		}
		if e := sum - g.chance[i]*g.chance[j]; e >= weakAt {
			out = append(out, link{e, min(i, j), max(i, j)})
		}
	}
	for _, at := range g.x[i].at {
		f.dense[at] = 0
	}
	clear(f.marked[:])
	for _, j := range f.near {
		f.score[j] = 0
	}
	slices.SortFunc(out, func(x, y link) int {
		switch {
		case x == y:
			return 0
		case x.before(y):
			return -1
		}
		return 1
	})
	return slices.Clip(out)
}
