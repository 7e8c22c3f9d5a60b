package issue

import (
	"container/heap"
	"context"
	"fmt"
	"slices"
)

// merge joins clusters and single texts by thing and fault, best first; profiles are computed again after each merge.
func (m *merger) merge(ctx context.Context, clusters [][]int32, opts Options) ([][]int32, error) {
	profiles := make([]*profile, len(clusters), 2*len(clusters))
	for k, members := range clusters {
		profiles[k] = m.profile(members)
	}
	near := make([]map[int32]struct{}, len(clusters), 2*len(clusters))
	var q queue
	offer := func(a, b int32) {
		if e := m.evidence(profiles[a], profiles[b]); e >= 0 {
			q = append(q, link{e, a, b})
		}
	}
	for _, l := range m.nearProfiles(profiles) {
		meet(near, l.a, l.b)
		meet(near, l.b, l.a)
		offer(l.a, l.b)
	}
	heap.Init(&q)
	opts.Progress("merge", 0.9)
	for len(q) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("discover issues: %w", err)
		}
		l := q.pop()
		a, b := profiles[l.a], profiles[l.b]
		if a == nil || b == nil {
			continue
		}
		members := slices.Concat(a.members, b.members)
		slices.Sort(members)
		k := int32(len(profiles))
		profiles = append(profiles, m.profile(members))
		near = append(near, nil)
		profiles[l.a], profiles[l.b] = nil, nil
		for _, c := range neighbours(near[l.a], near[l.b]) {
			if profiles[c] == nil {
				continue
			}
			delete(near[c], l.a)
			delete(near[c], l.b)
			meet(near, c, k)
			meet(near, k, c)
			if e := m.evidence(profiles[c], profiles[k]); e >= 0 {
				q.push(link{e, c, k})
			}
		}
		near[l.a], near[l.b] = nil, nil
	}
	var out [][]int32
	for _, p := range profiles {
		if p != nil {
			out = append(out, p.members)
		}
	}
	return out, nil
}

func meet(near []map[int32]struct{}, a, b int32) {
	if near[a] == nil {
		near[a] = map[int32]struct{}{}
	}
	near[a][b] = struct{}{}
}

// nearProfiles returns the pairs, one of them at least a cluster of two, whose profiles' cosine reaches nearProfile.
func (m *merger) nearProfiles(profiles []*profile) []link {
	units := make([]vector, len(profiles))
	for k, p := range profiles {
		units[k] = p.v.scaled(p.norm * p.norm)
	}
	index := invert(units, int(m.g.words))
	score := make([]float32, len(profiles))
	var out []link
	var touched []int32
	for a, p := range profiles {
		if len(p.members) < 2 {
			continue
		}
		touched = touched[:0]
		for k, at := range units[a].at {
			for j, b := range index[at].at {
				if score[b] == 0 {
					touched = append(touched, b)
				}
				score[b] += units[a].val[k] * index[at].val[j]
			}
		}
		slices.Sort(touched)
		for _, b := range touched {
			// A pair of clusters comes up from both sides; the lower one reports it.
			if score[b] >= nearProfile && int(b) != a && (int(b) > a || len(profiles[b].members) < 2) {
				out = append(out, link{0, min(int32(a), b), max(int32(a), b)})
			}
			score[b] = 0
		}
	}
	return out
}
