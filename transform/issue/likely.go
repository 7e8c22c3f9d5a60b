package issue

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// ErrNotDiscovered says that no discovery was made that could tell what a text is about.
var ErrNotDiscovered = errors.New("no discovery was made yet")

// Candidate is an issue that a text may belong to. Evidence is how far the evidence exceeds what is required of a complaint
// to be put into the issue, 1 for a text equal to a member; below 0 it falls short of that.
type Candidate struct {
	Issue    string
	Evidence float64
}

// What somebody types is shorter than a complaint and shares fewer words with an issue, so that the evidence that a complaint
// needs is out of its reach.
const (
	// nearMiss is how far evidence may fall short and still be worth a look.
	nearMiss = 0.04
	// usualAt is the least share of the weight of a text's words that an issue's customers use.
	usualAt = 0.15
	// usualWords is how many of its words they have to use.
	usualWords = 2
)

// Likely are the issues that a text may be about, by their index in Issues, the strongest evidence first, at most so many.
// Those that fall a little short are among them, and those whose customers use most of its words. It is safe for concurrent
// use.
func (r Result) Likely(title, body string, seg Segmenter, most int) (found []int, evidence []float64) {
	md := r.model
	if md == nil || len(md.profiles) == 0 {
		return nil, nil
	}
	b := cutMessage(Message{Title: title, Text: body}, seg)
	all := md.usual(b, md.evidences(b))
	if k, ok := md.equal[md.key(b)]; ok {
		all = slices.DeleteFunc(all, func(s scored) bool { return s.issue == int(k) })
		all = append(all, scored{int(k), 1})
	}
	slices.SortStableFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.evidence, a.evidence), cmp.Compare(a.issue, b.issue))
	})
	for _, s := range all[:min(most, len(all))] {
		found, evidence = append(found, s.issue), append(evidence, s.evidence)
	}
	return found, evidence
}

// scored is an issue with the evidence for it.
type scored struct {
	issue    int
	evidence float64
}

// evidences compare a text that is not part of the corpus with the issues near it, in their order.
func (md *model) evidences(b cutText) []scored {
	t := reading{titleText: b.titleText, bodyText: b.bodyText, head: b.head}
	var w weigher
	x, chance := w.text(md.g, func(*reading) fields { return md.wordFields(b) }, &t)
	p := md.newcomer(x.below(md.g.words), chance)
	var out []scored
	for _, k := range md.near(p) {
		n := float64(len(md.profiles[k].members))
		e := md.m.evidenceAmong(p, md.profiles[k], 1)
		if linked := (dot(x, md.sums[k])-chance*md.chances[k])/n - linkAt; linked >= 0 {
			e = max(e, linked)
		}
		out = append(out, scored{int(k), e})
	}
	return out
}

// usual adds the issues whose customers use most of the words of a text, each word weighed by its bits; what they lack of all
// is the evidence that they fall short by, at most nearMiss.
func (md *model) usual(b cutText, found []scored) []scored {
	found = slices.DeleteFunc(found, func(s scored) bool { return s.evidence < -nearMiss })
	known := map[int]bool{}
	for _, s := range found {
		known[s.issue] = true
	}
	total := 0.0
	sums, uses := make([]float64, len(md.profiles)), make([]int, len(md.profiles))
	seen := map[string]bool{}
	for _, w := range slices.Concat(b.title, b.body) {
		if seen[w] {
			continue
		}
		seen[w] = true
		id, ok := md.c.ids[w]
		if !ok {
			total += math.Log2(float64(md.g.n) + 1)
			continue
		}
		bits := math.Log2(float64(md.g.n+1) / float64(md.g.df[id]))
		total += bits
		for _, k := range md.index[id].at {
			share := md.profiles[k].shareOf(id)
			sums[k] += bits * share
			if share >= usualAt/2 {
				uses[k]++
			}
		}
	}
	for k, sum := range sums {
		if share := sum / max(total, 1); !known[k] && uses[k] >= usualWords && share >= usualAt {
			found = append(found, scored{k, -nearMiss * (1 - min(share, 1))})
		}
	}
	return found
}
