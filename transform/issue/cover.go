package issue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// part is a cluster as its links see it: a piece of an issue that may have others.
type part struct {
	members []int32
	// authors are its distinct authors, ascending.
	authors []int32
	// near tells, by the number of another part, which of the own authors have a text that is linked to one of it.
	near map[int32][]int32
	// p is its profile, nil until asked for.
	p *profile
}

// coverer joins parts by their links.
type coverer struct {
	m     *merger
	parts []*part
	q     queue
}

// cover joins clusters that links hold together, best covered first. The mean evidence over all pairs falls the more ways
// an issue is told in, and so does every word's part of a profile; but most of who tells it in one way are linked to
// somebody who tells it in another. Coverage is the share of the smaller part's authors that are linked to the larger one,
// two at least on each side: it takes no single text, and no single author's series, to join two issues. Links that rest on
// a name alone do not count.
func (m *merger) cover(ctx context.Context, clusters [][]int32, links []link) ([][]int32, error) {
	if m.c.without.Cover {
		return clusters, nil
	}
	c := coverer{m: m, parts: make([]*part, len(clusters), 2*len(clusters))}
	home := make([]int32, m.g.n)
	for k, members := range clusters {
		c.parts[k] = &part{members: members, authors: m.authorsOf(members), near: map[int32][]int32{}}
		for _, i := range members {
			home[i] = int32(k)
		}
	}
	for _, l := range links {
		a, b := home[l.a], home[l.b]
		if a != b && len(c.parts[a].authors) > 1 && len(c.parts[b].authors) > 1 && m.firm(l) {
			c.parts[a].near[b] = append(c.parts[a].near[b], m.c.author[l.a])
			c.parts[b].near[a] = append(c.parts[b].near[a], m.c.author[l.b])
		}
	}
	for _, p := range c.parts {
		for k, authors := range p.near {
			p.near[k] = distinct(authors)
		}
	}
	for a, p := range c.parts {
		for b := range p.near {
			if int(b) > a {
				c.rate(int32(a), b)
			}
		}
	}
	for len(c.q) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("discover issues: %w", err)
		}
		l := c.q.pop()
		if c.parts[l.a] != nil && c.parts[l.b] != nil && !c.differ(l.a, l.b) {
			c.join(l.a, l.b)
		}
	}
	return c.clusters(), nil
}

// firm tells that two linked texts share more than a name: what they share in words that are no part of the strongest one's
// name exceeds what they share by chance. Texts that are nearly equal need no second evidence.
func (m *merger) firm(l link) bool {
	if l.evidence >= nearlyEqual {
		return true
	}
	a, b := m.x[l.a], m.x[l.b]
	var buffer [64]shared
	parts := buffer[:0]
	best := 0
	for i, j := 0, 0; i < len(a.at) && j < len(b.at); {
		switch x, y := a.at[i], b.at[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			parts = append(parts, shared{x, float64(a.val[i]) * float64(b.val[j])})
			if last := len(parts) - 1; parts[last].part > parts[best].part {
				best = last
			}
			i++
			j++
		}
	}
	rest := 0.0
	for _, s := range parts {
		if !m.locks.locked(parts[best].word, s.word) {
			rest += s.part
		}
	}
	return rest >= firmShare*m.g.chance[l.a]*m.g.chance[l.b]
}

// authorsOf are the distinct authors of some texts, ascending.
func (m *merger) authorsOf(texts []int32) []int32 {
	authors := make([]int32, len(texts))
	for k, i := range texts {
		authors[k] = m.c.author[i]
	}
	return distinct(authors)
}

// rate queues two parts that cover each other enough.
func (c *coverer) rate(a, b int32) {
	p, q := c.parts[a], c.parts[b]
	linked, other, size := len(p.near[b]), len(q.near[a]), len(p.authors)
	if n := len(q.authors); n < size || n == size && other < linked {
		linked, other, size = other, linked, n
	}
	if min(linked, other) < coverLeast {
		return
	}
	if share := float64(linked) / float64(size); share >= coverAt {
		c.q.push(link{share, min(a, b), max(a, b)})
	}
}

// differ tells that two parts have names that the other lacks, or name alternatives.
func (c *coverer) differ(a, b int32) bool {
	p, q := c.profile(a), c.profile(b)
	return lacks(p, q) && lacks(q, p) || contrary(c.m.namesOf(p), c.m.namesOf(q), len(p.members), len(q.members))
}

func (c *coverer) profile(k int32) *profile {
	if c.parts[k].p == nil {
		c.parts[k].p = c.m.profile(c.parts[k].members)
	}
	return c.parts[k].p
}

// join makes two parts one, with a new number, and rates it with all that either was linked to.
func (c *coverer) join(a, b int32) {
	p, q, k := c.parts[a], c.parts[b], int32(len(c.parts))
	whole := &part{members: neighbours(p.members, q.members), authors: neighbours(p.authors, q.authors), near: map[int32][]int32{}}
	whole.p = c.m.joined(c.profile(a), c.profile(b), whole)
	c.parts = append(c.parts, whole)
	c.parts[a], c.parts[b] = nil, nil
	for _, side := range []*part{p, q} {
		for n := range side.near {
			other := c.parts[n]
			if other == nil || whole.near[n] != nil {
				continue
			}
			whole.near[n] = neighbours(p.near[n], q.near[n])
			other.near[k] = neighbours(other.near[a], other.near[b])
			delete(other.near, a)
			delete(other.near, b)
			c.rate(n, k)
		}
	}
}

// joined is the profile of two parts as one, made of theirs: quicker than of all members, so that a large issue of many
// pieces costs little. An author of both counts twice in it, which leaves the name what it is.
func (m *merger) joined(a, b *profile, whole *part) *profile {
	na, nb := float64(a.authors), float64(b.authors)
	ka, kb := float32(na/(na+nb)), float32(nb/(na+nb))
	out := &profile{members: whole.members, authors: len(whole.authors), name: -1}
	words := len(a.v.at) + len(b.v.at)
	out.v = vector{make([]int32, 0, words), make([]float32, 0, words)}
	out.users = make([][]int32, 0, words)
	for i, j := 0, 0; i < len(a.v.at) || j < len(b.v.at); {
		switch {
		case j == len(b.v.at) || i < len(a.v.at) && a.v.at[i] < b.v.at[j]:
			out.v.at, out.v.val, out.users = append(out.v.at, a.v.at[i]), append(out.v.val, ka*a.v.val[i]), append(out.users, a.users[i])
			i++
		case i == len(a.v.at) || a.v.at[i] > b.v.at[j]:
			out.v.at, out.v.val, out.users = append(out.v.at, b.v.at[j]), append(out.v.val, kb*b.v.val[j]), append(out.users, b.users[j])
			j++
		default:
			out.v.at, out.v.val = append(out.v.at, a.v.at[i]), append(out.v.val, ka*a.v.val[i]+kb*b.v.val[j])
			out.users = append(out.users, neighbours(a.users[i], b.users[j]))
			i++
			j++
		}
	}
	out.norm = max(norm(out.v), 1e-9)
	out.named = addNames(m.namesOf(a), m.namesOf(b))
	m.nameProfile(out)
	return out
}

func (c *coverer) clusters() [][]int32 {
	var out [][]int32
	for _, p := range c.parts {
		if p != nil {
			out = append(out, p.members)
		}
	}
	slices.SortFunc(out, func(x, y []int32) int { return cmp.Compare(x[0], y[0]) })
	return out
}
