package issue

import (
	"cmp"
	"slices"
)

// model is what a discovery keeps to assign new texts.
type model struct {
	c *corpus
	g *weighted
	m *merger
	// clusters are the profiles behind Result.Issues, in their order.
	clusters []*profile
}

// describe turns clusters into issues with their words, name, times and typical texts.
func describe(messages []Message, order []int, c *corpus, g *weighted, m *merger, clusters [][]int32, opts Options) Result {
	type found struct {
		issue Issue
		p     *profile
	}
	var all []found
	for _, members := range clusters {
		if len(members) < opts.MinMessages {
			continue
		}
		p := m.profile(members)
		if p.authors < opts.MinCustomers {
			continue
		}
		is := Issue{Customers: p.authors}
		for _, i := range members {
			is.Members = append(is.Members, order[i])
			if t := messages[order[i]].Time; !t.IsZero() {
				if is.FirstSeen.IsZero() || t.Before(is.FirstSeen) {
					is.FirstSeen = t
				}
				if t.After(is.LastSeen) {
					is.LastSeen = t
				}
			}
		}
		is.Keywords = m.keywords(p)
		for _, i := range m.typical(p) {
			is.Representatives = append(is.Representatives, order[i])
		}
		all = append(all, found{is, p})
	}
	slices.SortStableFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(y.issue.Customers, x.issue.Customers), cmp.Compare(len(y.issue.Members), len(x.issue.Members)),
			cmp.Compare(x.p.members[0], y.p.members[0]))
	})
	r := Result{model: &model{c: c, g: g, m: m}}
	for _, f := range all {
		f.issue.Name = nameOf(f.issue.Keywords)
		r.Issues = append(r.Issues, f.issue)
		r.model.clusters = append(r.model.clusters, f.p)
	}
	opts.Progress("describe", 1)
	return r
}

// maxKeywords is how many words explain an issue.
const maxKeywords = 8

// keywords are the words by their share of the within-issue similarity: s[t]² − Σ x_i[t]².
func (m *merger) keywords(p *profile) []Keyword {
	type sums struct {
		sum, square float64
		n           int64
	}
	of := map[int32]sums{}
	for _, i := range p.members {
		for k, at := range m.x[i].at {
			v := float64(m.x[i].val[k])
			s := of[at]
			of[at] = sums{s.sum + v, s.square + v*v, s.n + 1}
		}
	}
	type part struct {
		at   int32
		n    int64
		part float64
	}
	var parts []part
	total := 0.0
	for _, at := range p.v.at {
		s := of[at]
		if v := s.sum*s.sum - s.square; s.n > 1 && v > 0 {
			parts = append(parts, part{at, s.n, v})
			total += v
		}
	}
	slices.SortStableFunc(parts, func(x, y part) int { return cmp.Compare(y.part, x.part) })
	var out []Keyword
	for _, k := range parts[:min(maxKeywords, len(parts))] {
		out = append(out, Keyword{Word: m.c.words[k.at], Weight: k.part / total, Complaints: k.n})
	}
	return out
}

// typical returns up to three members closest to the profile, of different authors while there are any.
func (m *merger) typical(p *profile) []int32 {
	by := slices.Clone(p.members)
	near := map[int32]float64{}
	for _, i := range by {
		near[i] = dot(p.v, m.x[i])
	}
	slices.SortStableFunc(by, func(x, y int32) int { return cmp.Compare(near[y], near[x]) })
	var out []int32
	seen := map[int32]bool{}
	for _, fresh := range []bool{true, false} {
		for _, i := range by {
			if len(out) < 3 && seen[m.c.author[i]] != fresh && !slices.Contains(out, i) {
				out = append(out, i)
				seen[m.c.author[i]] = true
			}
		}
	}
	return out
}

func nameOf(words []Keyword) string {
	name := ""
	for _, k := range words[:min(3, len(words))] {
		name += k.Word
	}
	return name
}
