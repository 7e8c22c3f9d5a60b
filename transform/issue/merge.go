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
	pairs, err := m.nearProfiles(ctx, profiles, opts)
	if err != nil {
		return nil, err
	}
	var q queue
	for _, l := range pairs {
		meet(near, l.a, l.b)
		meet(near, l.b, l.a)
		if l.evidence >= 0 {
			q = append(q, l)
		}
	}
	heap.Init(&q)
	opts.Progress("merge", 0.92)
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

// nearProfiles returns the pairs, one of them at least a cluster of two, that may become one issue, with their evidence.
// What two profiles may share at most is read from an inverted index of words; only what promises enough is compared.
func (m *merger) nearProfiles(ctx context.Context, profiles []*profile, opts Options) ([]link, error) {
	units := make([]vector, len(profiles))
	for k, p := range profiles {
		units[k] = p.v.scaled(p.norm * p.norm)
	}
	limit := int32(profileCap(len(profiles)))
	index := invert(units, int(m.g.words))
	var big []int32
	for k, p := range profiles {
		if len(p.members) > 1 {
			big = append(big, int32(k))
		}
	}
	found := make([][]link, len(big))
	finders := make([]profileFinder, opts.Workers)
	err := each(ctx, opts.Workers, len(big), opts.share("merge", 0.82, 0.92, len(big)), func(w, i int) {
		f := &finders[w]
		if f.thing == nil {
			f.thing, f.cosine = make([]float32, len(profiles)), make([]float32, len(profiles))
		}
		found[i] = f.find(m, profiles, units, index, big[i], limit)
	})
	return slices.Concat(found...), err
}

// profileFinder holds the buffers of one worker.
type profileFinder struct {
	thing, cosine []float32
	touched       []int32
}

func (f *profileFinder) find(m *merger, profiles []*profile, units, index []vector, a, limit int32) []link {
	f.touched = f.touched[:0]
	for k, at := range units[a].at {
		postings := index[at]
		if int32(len(postings.at)) > limit {
			continue
		}
		v := units[a].val[k]
		rare := 1 / float32(m.users[at])
		for j, b := range postings.at {
			c := v * postings.val[j]
			if f.cosine[b] == 0 {
				f.touched = append(f.touched, b)
			}
			f.cosine[b] += c
			f.thing[b] += c * rare
		}
	}
	slices.Sort(f.touched)
	var out []link
	p := profiles[a]
	for _, b := range f.touched {
		// All authors of both may use every shared word: that bounds the thing from above.
		bound := float64(f.thing[b]) * float64(p.authors+profiles[b].authors)
		cosine := float64(f.cosine[b])
		f.thing[b], f.cosine[b] = 0, 0
		if bound < leastThing || cosine < nearProfile {
			continue
		}
		// A pair of clusters comes up from both sides; the lower one reports it.
		if b == a || b < a && len(profiles[b].members) > 1 {
			continue
		}
		if e := m.evidence(p, profiles[b]); e >= leastHope {
			out = append(out, link{e, min(a, b), max(a, b)})
		}
	}
	return out
}
