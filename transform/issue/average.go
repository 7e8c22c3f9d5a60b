package issue

import (
	"cmp"
	"container/heap"
	"slices"
)

// queue hands out the strongest link first; ties go by number, so that results do not depend on chance.
type queue []link

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	x, y := q[i], q[j]
	return cmp.Or(cmp.Compare(y.evidence, x.evidence), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) < 0
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds a link.
func (q *queue) Push(x any) {
	if l, ok := x.(link); ok {
		*q = append(*q, l)
	}
}

// Pop removes the last link.
func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}

func (q *queue) push(l link) { heap.Push(q, l) }

func (q *queue) pop() link {
	l, _ := heap.Pop(q).(link)
	return l
}

// pile is a cluster in the making.
type pile struct {
	members []int32
	sum     vector
	chance  float64
	near    map[int32]struct{}
}

// average merges texts along links while the mean evidence between two clusters reaches linkAt.
// The mean is exact: sums of vectors stand for all pairs. Equal texts start together.
func average(g *weighted, links []link) [][]int32 {
	piles := make([]*pile, g.n, 2*g.n)
	for i := range piles {
		if twin := g.twin[i]; twin == int32(i) {
			piles[i] = &pile{members: []int32{twin}, sum: g.x[i], chance: g.chance[i]}
		} else {
			p := piles[twin]
			p.members, p.sum, p.chance = append(p.members, int32(i)), add(p.sum, g.x[i]), p.chance+g.chance[i]
		}
	}
	for _, l := range links {
		piles[l.a].meet(l.b)
		piles[l.b].meet(l.a)
	}
	q := queue(slices.Clone(links))
	heap.Init(&q)
	for len(q) > 0 {
		l := q.pop()
		a, b := piles[l.a], piles[l.b]
		if a == nil || b == nil {
			continue
		}
		piles[l.a], piles[l.b] = nil, nil
		k := int32(len(piles))
		c := &pile{members: append(a.members, b.members...), sum: add(a.sum, b.sum), chance: a.chance + b.chance}
		piles = append(piles, c)
		for _, m := range neighbours(a.near, b.near) {
			other := piles[m]
			if other == nil {
				continue
			}
			delete(other.near, l.a)
			delete(other.near, l.b)
			pairs := float64(len(c.members) * len(other.members))
			if e := (dot(c.sum, other.sum) - c.chance*other.chance) / pairs; e >= linkAt {
				other.meet(k)
				c.meet(m)
				q.push(link{e, m, k})
			}
		}
	}
	return collect(piles)
}

func (p *pile) meet(k int32) {
	if p.near == nil {
		p.near = map[int32]struct{}{}
	}
	p.near[k] = struct{}{}
}

// neighbours returns the union of two sets in ascending order.
func neighbours(a, b map[int32]struct{}) []int32 {
	out := make([]int32, 0, len(a)+len(b))
	for k := range a {
		out = append(out, k)
	}
	for k := range b {
		out = append(out, k)
	}
	return distinct(out)
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
