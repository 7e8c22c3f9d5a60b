package issue

import (
	"cmp"
	"maps"
	"slices"
)

// What speaks against an earlier assignment must be more than what a few new texts do to every weight: an assignment
// stays while its evidence lacks less than this, of profiles and of linked texts: a fifth of what a new one needs.
const (
	slackProfile = 0.012
	slackLink    = 0.024
)

// earlier is what the discovery before found, by position of the texts.
type earlier struct {
	// issue is a text's earlier issue, -1 for none; of are the texts of each.
	issue []int32
	of    [][]int32
}

// earlier returns nil where there was no discovery before.
func (o Options) earlier(messages []Message, order []int) *earlier {
	if len(o.Earlier) == 0 {
		return nil
	}
	e := &earlier{issue: make([]int32, len(order))}
	names := map[string]int32{}
	byName := map[string][]int32{}
	for t, i := range order {
		if name := o.Earlier[messages[i].ID]; name != "" {
			byName[name] = append(byName[name], int32(t))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		names[name] = int32(len(names))
		e.of = append(e.of, byName[name])
	}
	for t, i := range order {
		e.issue[t] = -1
		if n, ok := names[o.Earlier[messages[i].ID]]; ok {
			e.issue[t] = n
		}
	}
	return e
}

// settler moves texts between the clusters just found until nothing changed its issue without clear evidence.
type settler struct {
	m        *merger
	was      *earlier
	clusters [][]int32
	home     []int32
	// heir is the cluster that goes on as an earlier issue, owner the earlier issue of a cluster; -1 for none.
	heir, owner []int32
	profiles    map[int32]*profile
}

// settle lets issues stay as they were where the evidence hardly changed. A discovery is full of near ties, and every new
// text shifts all weights a little: without this, one issue in a hundred would be another one after every run.
func (m *merger) settle(clusters [][]int32, was *earlier) [][]int32 {
	if was == nil {
		return clusters
	}
	s := &settler{m: m, was: was, clusters: clusters, home: make([]int32, len(was.issue)), profiles: map[int32]*profile{}}
	for k, members := range clusters {
		for _, t := range members {
			s.home[t] = int32(k)
		}
	}
	s.inherit()
	s.restore()
	s.rejoin()
	s.stay()
	return slices.DeleteFunc(s.clusters, func(members []int32) bool { return len(members) == 0 })
}

// shares counts the texts that each cluster has of each earlier issue, most first.
func (s *settler) shares() []share {
	count := map[[2]int32]int{}
	for t, x := range s.was.issue {
		if x >= 0 {
			count[[2]int32{x, s.home[t]}]++
		}
	}
	out := make([]share, 0, len(count))
	for key, n := range count {
		out = append(out, share{key[0], key[1], n})
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.texts, a.texts), cmp.Compare(a.issue, b.issue), cmp.Compare(a.cluster, b.cluster))
	})
	return out
}

type share struct {
	issue, cluster int32
	texts          int
}

// inherit finds the heirs as Match does: the largest share first.
func (s *settler) inherit() {
	s.heir, s.owner = slices.Repeat([]int32{-1}, len(s.was.of)), slices.Repeat([]int32{-1}, len(s.clusters))
	for _, sh := range s.shares() {
		if s.heir[sh.issue] < 0 && s.owner[sh.cluster] < 0 && (sh.texts > 1 || len(s.clusters[sh.cluster]) > 1) {
			s.heir[sh.issue], s.owner[sh.cluster] = sh.cluster, sh.issue
		}
	}
}

// restore brings back issues without an heir: those that fell apart though their texts still hold together, and those that
// were taken over though nothing clear speaks for it.
func (s *settler) restore() {
	for x, texts := range s.was.of {
		if s.heir[x] >= 0 || len(texts) < 2 {
			continue
		}
		by := map[int32][]int32{}
		for _, t := range texts {
			by[s.home[t]] = append(by[s.home[t]], t)
		}
		host := slices.MinFunc(slices.Sorted(maps.Keys(by)), func(a, b int32) int { return cmp.Compare(len(by[b]), len(by[a])) })
		part := by[host]
		switch {
		case len(part) < 2 && s.m.coherence(texts) >= linkAt-slackLink:
			part = slices.DeleteFunc(slices.Clone(texts), func(t int32) bool { return len(s.clusters[s.home[t]]) > 1 })
		case len(part) < 2:
			continue
		default:
			rest := without(s.clusters[host], part)
			if s.m.kinship(s.m.profile(rest), s.m.profile(part)) >= slackProfile {
				continue
			}
		}
		if len(part) > 1 {
			s.heir[x] = s.found(part)
			s.owner[s.heir[x]] = int32(x)
		}
	}
}

// rejoin brings back what broke off an issue and hardly differs from it.
func (s *settler) rejoin() {
	for k, members := range s.clusters {
		if s.owner[k] >= 0 || len(members) < 2 {
			continue
		}
		count := map[int32]int{}
		for _, t := range members {
			count[s.was.issue[t]]++
		}
		for _, x := range slices.Sorted(maps.Keys(count)) {
			if x < 0 || 2*count[x] < len(members) || s.heir[x] < 0 {
				continue
			}
			if s.m.kinship(s.profile(s.heir[x]), s.m.profile(members)) >= -slackProfile {
				s.move(members, s.heir[x])
			}
			break
		}
	}
}

// stay brings back single texts that left their issue.
func (s *settler) stay() {
	type step struct{ text, to int32 }
	var steps []step
	for x, texts := range s.was.of {
		to := s.heir[x]
		if to < 0 || !slices.ContainsFunc(texts, func(t int32) bool { return s.home[t] != to }) {
			continue
		}
		whole := s.m.gather(s.clusters[to])
		for _, t := range texts {
			from := s.home[t]
			if from == to {
				continue
			}
			here := s.m.belonging(t, whole)
			if here < 0 {
				continue
			}
			there := without(s.clusters[from], []int32{t})
			if len(there) > 0 && s.m.belonging(t, s.m.gather(there)) > here+slackProfile {
				continue
			}
			steps = append(steps, step{t, to})
		}
	}
	for _, st := range steps {
		s.move([]int32{st.text}, st.to)
	}
}

// gathered is a cluster as a single text meets it.
type gathered struct {
	p      *profile
	sum    vector
	chance float64
}

func (m *merger) gather(members []int32) gathered {
	g := gathered{p: m.profile(members)}
	for _, i := range members {
		g.sum, g.chance = add(g.sum, m.g.x[i]), g.chance+m.g.chance[i]
	}
	return g
}

// belonging is the evidence of a text being one of others, less what an earlier assignment needs to stay.
func (m *merger) belonging(t int32, to gathered) float64 {
	linked := (dot(m.g.x[t], to.sum)-m.g.chance[t]*to.chance)/float64(len(to.p.members)) - linkAt
	return max(m.evidence(m.profile([]int32{t}), to.p)+slackProfile, linked+slackLink)
}

// kinship is the evidence of two clusters being one, by thing and fault or as crowds that speak alike.
func (m *merger) kinship(a, b *profile) float64 {
	e := m.evidence(a, b)
	if min(a.authors, b.authors) >= crowd {
		e = max(e, m.likeness(a, b))
	}
	return e
}

// coherence is the mean evidence of a link among texts.
func (m *merger) coherence(texts []int32) float64 {
	sum, pairs := 0.0, 0
	for i, a := range texts {
		for _, b := range texts[:i] {
			sum += dot(m.g.x[a], m.g.x[b]) - m.g.chance[a]*m.g.chance[b]
			pairs++
		}
	}
	return sum / float64(max(pairs, 1))
}

func (s *settler) profile(k int32) *profile {
	p, ok := s.profiles[k]
	if !ok {
		p = s.m.profile(s.clusters[k])
		s.profiles[k] = p
	}
	return p
}

// found makes a cluster of its own of some texts.
func (s *settler) found(texts []int32) int32 {
	k := int32(len(s.clusters))
	s.clusters, s.owner = append(s.clusters, nil), append(s.owner, -1)
	s.move(texts, k)
	return k
}

func (s *settler) move(texts []int32, to int32) {
	for _, t := range slices.Clone(texts) {
		from := s.home[t]
		s.clusters[from] = without(s.clusters[from], []int32{t})
		delete(s.profiles, from)
		s.home[t] = to
		s.clusters[to] = append(slices.Clone(s.clusters[to]), t)
	}
	slices.Sort(s.clusters[to])
	delete(s.profiles, to)
}

// without returns the texts that are not among the others.
func without(texts, others []int32) []int32 {
	return slices.DeleteFunc(slices.Clone(texts), func(t int32) bool { return slices.Contains(others, t) })
}
