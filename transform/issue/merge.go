package issue

import (
	"context"
	"fmt"
	"slices"
)

// rule says which clusters may be joined and by what evidence.
type rule struct {
	// smaller and larger are the least sizes of the two.
	smaller, larger int
	size            func(*profile) int
	evidence        func(a, b *profile) float64
	// thing is what the thing must be able to reach for a pair to be compared.
	thing float64
}

// merge joins clusters and single texts by thing and fault, then the crowds that speak alike.
func (m *merger) merge(ctx context.Context, clusters [][]int32, opts Options) ([][]int32, error) {
	if !m.c.without.Merge {
		var err error
		clusters, err = m.join(ctx, clusters, rule{
			smaller: 1, larger: 2, size: func(p *profile) int { return len(p.members) },
			evidence: m.evidence, thing: leastThing,
		}, opts)
		if err != nil {
			return nil, err
		}
	}
	opts.Progress("merge", 0.92)
	if m.c.without.Crowds {
		return clusters, nil
	}
	return m.join(ctx, clusters, rule{
		smaller: crowd, larger: crowd, size: func(p *profile) int { return p.authors },
		evidence: m.likeness,
	}, opts)
}

// join merges pairs that the rule allows, best first; profiles are computed again after each merge.
func (m *merger) join(ctx context.Context, clusters [][]int32, by rule, opts Options) ([][]int32, error) {
	profiles := make([]*profile, len(clusters), 2*len(clusters))
	for k, members := range clusters {
		profiles[k] = m.profile(members)
	}
	near := make([][]int32, len(clusters), 2*len(clusters))
	pairs, err := m.nearProfiles(ctx, profiles, by, opts)
	if err != nil {
		return nil, err
	}
	var q queue
	for _, l := range pairs {
		near[l.a], near[l.b] = append(near[l.a], l.b), append(near[l.b], l.a)
		if l.evidence >= 0 {
			q = append(q, l)
		}
	}
	for _, list := range near {
		slices.Sort(list)
	}
	q = newQueue(q)
	for len(q) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("discover issues: %w", err)
		}
		l := q.pop()
		a, b := profiles[l.a], profiles[l.b]
		if a == nil || b == nil || contrary(m.namesOf(a), m.namesOf(b), len(a.members), len(b.members)) {
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
			near[c], near[k] = append(near[c], k), append(near[k], c)
			if e := by.evidence(profiles[c], profiles[k]); e >= 0 {
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

// nearProfiles returns the pairs that the rule allows and that may become one issue, with their evidence.
// What two profiles may share at most is read from an inverted index of words; only what promises enough is compared.
func (m *merger) nearProfiles(ctx context.Context, profiles []*profile, by rule, opts Options) ([]link, error) {
	units := make([]vector, len(profiles))
	var big []int32
	for k, p := range profiles {
		if size := by.size(p); size >= by.smaller {
			units[k] = p.v.scaled(p.norm * p.norm)
			if size >= by.larger {
				big = append(big, int32(k))
			}
		}
	}
	index := invert(units, int(m.g.words))
	found := make([][]link, len(big))
	finders := make([]profileFinder, opts.Workers)
	err := each(ctx, opts.Workers, len(big), nil, func(w, i int) {
		f := &finders[w]
		if f.thing == nil {
			f.thing, f.cosine = make([]float32, len(profiles)), make([]float32, len(profiles))
		}
		found[i] = f.find(m, profiles, units, index, big[i], by)
	})
	return slices.Concat(found...), err
}

// profileFinder holds the buffers of one worker.
type profileFinder struct {
	thing, cosine []float32
	touched       []int32
}

func (f *profileFinder) find(m *merger, profiles []*profile, units, index []vector, a int32, by rule) []link {
	limit := profileCap(len(profiles))
	f.touched = f.touched[:0]
	for k, at := range units[a].at {
		postings := index[at]
		if len(postings.at) > limit {
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
	p := profiles[a]
	hopeful := f.touched[:0]
	for _, b := range f.touched {
		// All authors of both may use every shared word: that bounds the thing from above.
		bound := float64(f.thing[b]) * float64(p.authors+profiles[b].authors)
		cosine := float64(f.cosine[b])
		f.thing[b], f.cosine[b] = 0, 0
		if bound < by.thing || cosine < nearProfile {
			continue
		}
		// A pair of large clusters comes up from both sides; the lower one reports it.
		if b == a || b < a && by.size(profiles[b]) >= by.larger {
			continue
		}
		hopeful = append(hopeful, b)
	}
	slices.Sort(hopeful)
	var out []link
	for _, b := range hopeful {
		if e := by.evidence(p, profiles[b]); e >= leastHope {
			out = append(out, link{e, min(a, b), max(a, b)})
		}
	}
	return out
}
