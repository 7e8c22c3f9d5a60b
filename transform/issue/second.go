package issue

import (
	"math"
	"slices"
)

// maxRegroup is the size above which a cluster is left whole: regrouping compares all pairs.
const maxRegroup = 2000

// merger does what follows the first stage: it asks clusters for a second evidence and joins them by thing and fault.
type merger struct {
	c     *corpus
	g     *weighted
	locks *locks
	// x are the texts' word vectors, scaled as in the joint space.
	x []vector
	// users counts, per word, the authors that use it.
	users []int32
	// named are the names that each text uses in one place.
	named [][]naming
}

func newMerger(c *corpus, g *weighted, named [][]naming) *merger {
	m := &merger{c: c, g: g, named: named, locks: newLocks(c, g), x: make([]vector, g.n), users: make([]int32, g.words)}
	for i, x := range g.x {
		m.x[i] = x.below(g.words)
	}
	var authors []int32
	for w, texts := range m.locks.of {
		authors = authors[:0]
		for _, i := range texts {
			authors = append(authors, c.author[i])
		}
		m.users[w] = int32(len(distinct(authors)))
	}
	return m
}

// regroup takes clusters apart that nothing but a name holds together.
func (m *merger) regroup(clusters [][]int32) [][]int32 {
	if m.c.without.Second {
		return clusters
	}
	out := make([][]int32, 0, len(clusters))
	for _, members := range clusters {
		if len(members) < 2 || len(members) > maxRegroup {
			out = append(out, members)
			continue
		}
		name, second := m.second(members)
		if name < 0 || second >= secondBits {
			out = append(out, members)
			continue
		}
		out = append(out, m.without(members, name)...)
	}
	return out
}

// second returns the strongest shared word, the name, and the bits of the best shared word that is not part of it.
func (m *merger) second(members []int32) (name int32, gain float64) {
	count, weight := map[int32]int{}, map[int32]float64{}
	for _, i := range members {
		for k, at := range m.x[i].at {
			count[at]++
			weight[at] += float64(m.x[i].val[k])
		}
	}
	name = -1
	for at, n := range count {
		if n < 2 {
			continue
		}
		if name < 0 || weight[at] > weight[name] || weight[at] == weight[name] && at < name {
			name = at
		}
	}
	for at, n := range count {
		if n < 2 {
			continue
		}
		q := float64(n-1) / float64(len(members))
		if v := q * (bits(m.g.n, m.g.df[at]) + math.Log2(q)); v > gain && !m.locks.locked(name, at) {
			gain = v
		}
	}
	return name, gain
}

// without groups the members again by average linkage, blind to the name and to what is locked to it.
func (m *merger) without(members []int32, name int32) [][]int32 {
	n := len(members)
	x := make([]vector, n)
	for k, i := range members {
		x[k] = m.blind(m.x[i], name)
	}
	s := make([][]float64, n)
	for i := range s {
		s[i] = make([]float64, n)
		for j := range i {
			blind := dot(x[i], x[j]) - m.g.chance[members[i]]*m.g.chance[members[j]]
			// Texts that are nearly equal need no second evidence: there may be nothing in them but the name.
			whole := dot(m.g.x[members[i]], m.g.x[members[j]]) - nearlyEqual
			s[i][j] = max(blind, whole)
			s[j][i] = s[i][j]
		}
	}
	groups := make([][]int32, n)
	active := make([]int, n)
	for i := range n {
		groups[i], active[i] = []int32{members[i]}, i
	}
	for len(active) > 1 {
		bi, bj := -1, -1
		for _, i := range active {
			for _, j := range active {
				if i < j && (bi < 0 || s[i][j] > s[bi][bj]) {
					bi, bj = i, j
				}
			}
		}
		if s[bi][bj] < linkAt {
			break
		}
		ni, nj := float64(len(groups[bi])), float64(len(groups[bj]))
		for _, k := range active {
			if k != bi && k != bj {
				s[bi][k] = (ni*s[bi][k] + nj*s[bj][k]) / (ni + nj)
				s[k][bi] = s[bi][k]
			}
		}
		groups[bi] = append(groups[bi], groups[bj]...)
		active = slices.DeleteFunc(active, func(k int) bool { return k == bj })
	}
	out := make([][]int32, 0, len(active))
	for _, i := range active {
		slices.Sort(groups[i])
		out = append(out, groups[i])
	}
	return out
}

// blind is x without a name, of norm 1.
func (m *merger) blind(x vector, name int32) vector {
	var out vector
	square := 0.0
	for k, at := range x.at {
		if !m.locks.locked(name, at) {
			out.at, out.val = append(out.at, at), append(out.val, x.val[k])
			square += float64(x.val[k]) * float64(x.val[k])
		}
	}
	return out.scaled(square)
}
