package issue

import "slices"

// naming is a name in its place: a word that nearly always follows the same other word (大众 朗逸), and how many texts of a
// cluster use it there. Other words that nearly always follow 大众 are alternatives: who names one does not mean the other.
type naming struct{ after, word, texts int32 }

// namings returns what each text names in its heading: the title, or the body of a text without one.
func (c *corpus) namings() [][]naming {
	before := c.predecessors()
	out := make([][]naming, len(c.texts))
	for i, t := range c.texts {
		heading := t.title
		if len(heading) == 0 {
			heading = t.body
		}
		for k, w := range heading {
			if k > 0 && before[w] == heading[k-1] {
				out[i] = append(out[i], naming{before[w], w, 1})
			}
		}
		slices.SortFunc(out[i], compareNames)
		out[i] = slices.Compact(out[i])
	}
	return out
}

// predecessors returns for every word the word that followShare of its uses follow, -1 for none. The first pass finds the
// only word that can be a majority, the second counts it.
func (c *corpus) predecessors() []int32 {
	before, votes := make([]int32, len(c.words)), make([]int32, len(c.words))
	uses, hits := make([]int32, len(c.words)), make([]int32, len(c.words))
	c.neighbours(func(left, w int32) {
		switch {
		case votes[w] == 0:
			before[w], votes[w] = left, 1
		case before[w] == left:
			votes[w]++
		default:
			votes[w]--
		}
	})
	c.neighbours(func(left, w int32) {
		uses[w]++
		if before[w] == left {
			hits[w]++
		}
	})
	for w := range before {
		// A word used once follows what it follows by chance.
		if uses[w] < 2 || float64(hits[w]) < followShare*float64(uses[w]) {
			before[w] = -1
		}
	}
	return before
}

// neighbours visits every word with the one before it, -1 at the start.
func (c *corpus) neighbours(visit func(left, word int32)) {
	for i := range c.texts {
		for _, words := range [][]int32{c.texts[i].title, c.texts[i].body} {
			left := int32(-1)
			for _, w := range words {
				visit(left, w)
				left = w
			}
		}
	}
}

func compareNames(a, b naming) int {
	if a.after != b.after {
		return int(a.after - b.after)
	}
	return int(a.word - b.word)
}

// addNames adds up two lists of names.
func addNames(a, b []naming) []naming {
	if len(a) == 0 || len(b) == 0 {
		return append(slices.Clip(a), b...)
	}
	out := make([]naming, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch d := compareNames(a[0], b[0]); {
		case d < 0:
			out, a = append(out, a[0]), a[1:]
		case d > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, naming{a[0].after, a[0].word, a[0].texts + b[0].texts})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// contrary tells that nearly all texts of one cluster and nearly all of another name alternatives: different things of one
// kind, whatever else they share. The clusters have na and nb texts.
func contrary(a, b []naming, na, nb int) bool {
	for _, x := range a {
		if float64(x.texts) < nameSpread*float64(na) || uses(b, x) >= nameLack*float64(nb) {
			continue
		}
		for _, y := range b {
			if x.after == y.after && x.word != y.word && float64(y.texts) >= nameSpread*float64(nb) && uses(a, y) < nameLack*float64(na) {
				return true
			}
		}
	}
	return false
}

// uses is how many texts use a name.
func uses(list []naming, name naming) float64 {
	k, ok := slices.BinarySearchFunc(list, name, compareNames)
	if !ok {
		return 0
	}
	return float64(list[k].texts)
}

// namesOf are the names that the members of a profile use.
func (m *merger) namesOf(p *profile) []naming {
	if p.named == nil {
		for _, i := range p.members {
			p.named = addNames(p.named, m.named[i])
		}
	}
	return p.named
}
