package issue

import (
	"cmp"
	"slices"
)

// queue is a heap that hands out the strongest link first; ties go by number, so that results do not depend on chance.
type queue []link

func (x link) before(y link) bool {
	switch {
	case x.evidence != y.evidence:
		return x.evidence > y.evidence
	case x.a != y.a:
		return x.a < y.a
	}
	return x.b < y.b
}

// newQueue makes a heap of links, in place.
func newQueue(links []link) queue {
	q := queue(links)
	for i := len(q)/2 - 1; i >= 0; i-- {
		q.sink(i)
	}
	return q
}

func (q *queue) push(l link) {
	*q = append(*q, l)
	h := *q
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h[i].before(h[parent]) {
			return
		}
		h[i], h[parent] = h[parent], h[i]
		i = parent
	}
}

func (q *queue) pop() link {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	*q = h[:last]
	q.sink(0)
	return top
}

func (q queue) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(q) {
			return
		}
		if child+1 < len(q) && q[child+1].before(q[child]) {
			child++
		}
		if !q[child].before(q[i]) {
			return
		}
		q[i], q[child] = q[child], q[i]
		i = child
	}
}

// pile is a cluster in the making.
type pile struct {
	members []int32
	sum     vector
	chance  float64
	// near are the piles it was ever linked to, ascending; some may be gone.
	near []int32
	// named are the names that its members use in one place.
	named []naming
}

// average merges texts along links while the mean evidence between two clusters reaches linkAt.
// The mean is exact: sums of vectors stand for all pairs. Equal texts start together; what is contrary stays apart.
func average(g *weighted, links []link, named [][]naming) [][]int32 {
	piles := make([]*pile, g.n, 2*g.n)
	for i := range piles {
		if twin := g.twin[i]; twin == int32(i) {
			piles[i] = &pile{members: []int32{twin}, sum: g.x[i], chance: g.chance[i], named: named[i]}
		} else {
			p := piles[twin]
			p.members, p.sum, p.chance = append(p.members, int32(i)), add(p.sum, g.x[i]), p.chance+g.chance[i]
			p.named = addNames(p.named, named[i])
		}
	}
	for _, l := range links {
		piles[l.a].near = append(piles[l.a].near, l.b)
		piles[l.b].near = append(piles[l.b].near, l.a)
	}
	for _, p := range piles {
		if p != nil {
			slices.Sort(p.near)
		}
	}
	q := newQueue(slices.Clone(links))
	for len(q) > 0 {
		l := q.pop()
		a, b := piles[l.a], piles[l.b]
		if a == nil || b == nil || contrary(a.named, b.named, len(a.members), len(b.members)) {
			continue
		}
		piles[l.a], piles[l.b] = nil, nil
		k := int32(len(piles))
		c := &pile{members: append(a.members, b.members...), sum: add(a.sum, b.sum), chance: a.chance + b.chance, named: addNames(a.named, b.named)}
		piles = append(piles, c)
		for _, m := range neighbours(a.near, b.near) {
			other := piles[m]
			if other == nil {
				continue
			}
			pairs := float64(len(c.members) * len(other.members))
			if e := (dot(c.sum, other.sum) - c.chance*other.chance) / pairs; e >= linkAt {
				other.near, c.near = append(other.near, k), append(c.near, m)
				q.push(link{e, m, k})
			}
		}
	}
	return collect(piles)
}

// neighbours returns the union of two ascending lists.
func neighbours(a, b []int32) []int32 {
	out := make([]int32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case a[0] > b[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func collect(piles []*pile) [][]int32 {
	var out [][]int32
	for _, p := range piles {
		if p != nil {
			slices.Sort(p.members)
			out = append(out, p.members)
		}
	}
	slices.SortFunc(out, func(x, y []int32) int { return cmp.Compare(x[0], y[0]) })
	return out
}
