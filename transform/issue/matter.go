package issue

import "slices"

// matterTexts bounds how many members are looked at to see whether an issue is one matter, which compares all pairs; fewer
// than matterLeast tell nothing: half of four is a pair.
const (
	matterTexts = 100
	matterLeast = 5
)

// part takes texts out of clusters that share nothing with anybody there but the place, or the thing, that all name. The
// words of a place hold letters about one estate together whatever they are about; who has not even a part of what two texts
// share by chance in common with another member, names left aside, complains of something else.
func (m *merger) part(clusters [][]int32) [][]int32 {
	if m.c.without.Matter {
		return clusters
	}
	out := make([][]int32, 0, len(clusters))
	for _, members := range clusters {
		if len(members) < 2 || len(members) > maxRegroup {
			out = append(out, members)
			continue
		}
		best := slices.Repeat([]float64{-1}, len(members))
		m.matters(members, func(k, l int, share float64) {
			best[k], best[l] = max(best[k], share), max(best[l], share)
		})
		stay := make([]int32, 0, len(members))
		for k, i := range members {
			if best[k] >= matterShare-1 {
				stay = append(stay, i)
			} else {
				out = append(out, []int32{i})
			}
		}
		if len(stay) > 0 {
			out = append(out, stay)
		}
	}
	return out
}

// manifold tells that an issue is a place or a thing with several matters: no half of its texts hang together by what is no
// name and no place.
func (m *merger) manifold(members []int32) bool {
	if len(members) < matterLeast {
		return false
	}
	members = members[:min(matterTexts, len(members))]
	head := make([]int, len(members)) // of the texts that hang together
	for k := range head {
		head[k] = k
	}
	m.matters(members, func(k, l int, share float64) {
		if from, to := head[k], head[l]; share >= matterSame && from != to {
			for i := range head {
				if head[i] == from {
					head[i] = to
				}
			}
		}
	})
	size := make([]int, len(members))
	for _, h := range head {
		size[h]++
	}
	return 2*slices.Max(size) < len(members)
}

// matters visits all pairs k > l with what they share beside names and places, in excess of what is chance and as a share of
// it: -1 for nothing, 0 for chance.
func (m *merger) matters(members []int32, visit func(k, l int, share float64)) {
	name, _ := m.second(members)
	x := make([]vector, len(members))
	for k, i := range members {
		x[k] = m.matter(m.x[i], name)
	}
	for k, a := range members {
		for l, b := range members[:k] {
			share := dot(x[k], x[l])/max(m.g.chance[a]*m.g.chance[b], 1e-9) - 1
			if dot(m.g.x[a], m.g.x[b]) >= nearlyEqual { // there may be nothing in them but the name
				share = max(share, matterSame)
			}
			visit(k, l, share)
		}
	}
}

// matter is x without a name and without places, of norm 1.
func (m *merger) matter(x vector, name int32) vector {
	var out vector
	square := 0.0
	for k, at := range x.at {
		if word := m.c.words[at]; functionWords[word] || isPlace(word) || name >= 0 && m.locks.locked(name, at) {
			continue
		}
		out.at, out.val = append(out.at, at), append(out.val, x.val[k])
		square += float64(x.val[k]) * float64(x.val[k])
	}
	return out.scaled(square)
}
