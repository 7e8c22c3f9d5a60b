package issue

import (
	"cmp"
	"context"
	"slices"
)

// describer turns clusters into issues with their words, name, times and typical texts.
type describer struct {
	messages []Message
	order    []int
	m        *merger
	seg      Segmenter
}

// described is an issue with the profile that stands behind it.
type described struct {
	issue  Issue
	p      *profile
	faults []wordShare
}

func (d *describer) all(ctx context.Context, clusters [][]int32, opts Options) ([]described, error) {
	clusters = slices.DeleteFunc(clusters, func(members []int32) bool { return len(members) < opts.MinMessages })
	out := make([]described, len(clusters))
	err := each(ctx, opts.Workers, len(clusters), opts.share("describe", 0.95, 1, len(clusters)), func(_, k int) {
		if p := d.m.profile(clusters[k]); p.authors >= opts.MinCustomers {
			is, faults := d.one(p)
			out[k] = described{is, p, faults}
		}
	})
	if err != nil {
		return nil, err
	}
	out = slices.DeleteFunc(out, func(f described) bool { return f.p == nil })
	slices.SortStableFunc(out, func(x, y described) int {
		return cmp.Or(cmp.Compare(y.issue.Customers, x.issue.Customers), cmp.Compare(len(y.issue.Members), len(x.issue.Members)),
			cmp.Compare(x.p.members[0], y.p.members[0]))
	})
	setThemes(out, d.m.c.words)
	return out, nil
}

func (d *describer) one(p *profile) (Issue, []wordShare) {
	is := Issue{Customers: p.authors}
	for _, i := range p.members {
		is.Members = append(is.Members, d.order[i])
		t := d.messages[d.order[i]].Time
		if t.IsZero() {
			continue
		}
		if is.FirstSeen.IsZero() || t.Before(is.FirstSeen) {
			is.FirstSeen = t
		}
		if t.After(is.LastSeen) {
			is.LastSeen = t
		}
	}
	parts, typical := d.m.shares(p), d.m.typical(p)
	is.Keywords = d.m.keywords(parts)
	var texts [][2]string
	for _, i := range typical[:min(nameTexts, len(typical))] {
		texts = append(texts, [2]string{d.messages[d.order[i]].Title, d.messages[d.order[i]].Text})
	}
	is.Name = d.m.name(p, parts, texts, d.seg, d.m.manifold(typical))
	for _, i := range d.m.distinctAuthors(typical) {
		is.Representatives = append(is.Representatives, d.order[i])
	}
	return is, d.m.faults(p, parts)
}

// maxKeywords is how many words explain an issue.
const maxKeywords = 8

// wordShare is a word with its share of an issue's similarity and the members that use it.
type wordShare struct {
	word  int32
	texts int64
	part  float64
}

// shares are the words by their share of the within-issue similarity, s[t]² − Σ x_i[t]², heaviest first.
func (m *merger) shares(p *profile) []wordShare {
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
	var parts []wordShare
	total := 0.0
	for _, at := range p.v.at {
		s := of[at]
		if v := s.sum*s.sum - s.square; s.n > 1 && v > 0 {
			parts = append(parts, wordShare{at, s.n, v})
			total += v
		}
	}
	for k := range parts {
		parts[k].part /= total
	}
	slices.SortStableFunc(parts, func(x, y wordShare) int { return cmp.Compare(y.part, x.part) })
	return parts
}

// keywords explain an issue to people: its heaviest words that mean something by themselves.
func (m *merger) keywords(parts []wordShare) []Keyword {
	var out []Keyword
	for _, s := range parts {
		if word := m.c.words[s.word]; len(out) < maxKeywords && !functionWords[word] {
			out = append(out, Keyword{Word: word, Weight: s.part, Complaints: s.texts})
		}
	}
	return out
}

// typical returns the members, those closest to the profile first.
func (m *merger) typical(p *profile) []int32 {
	by := slices.Clone(p.members)
	near := map[int32]float64{}
	for _, i := range by {
		near[i] = dot(p.v, m.x[i])
	}
	slices.SortStableFunc(by, func(x, y int32) int { return cmp.Compare(near[y], near[x]) })
	return by
}

// distinctAuthors picks the first three texts, of different authors while there are any.
func (m *merger) distinctAuthors(texts []int32) []int32 {
	var out []int32
	seen := map[int32]bool{}
	for _, again := range []bool{false, true} {
		for _, i := range texts {
			if len(out) < 3 && seen[m.c.author[i]] == again && !slices.Contains(out, i) {
				out = append(out, i)
				seen[m.c.author[i]] = true
			}
		}
	}
	return out
}
