package issue

import (
	"math"
	"slices"
)

// profile is a cluster as its authors speak: the mean over authors of each author's mean word vector.
type profile struct {
	members []int32
	// v is the mean vector and norm its length; users[k] are the authors that use v.at[k], ascending.
	v       vector
	norm    float64
	users   [][]int32
	authors int
	chance  float64
	// named are the names that its members use in one place, nil until asked for.
	named []naming
	// name is the cluster's own name, -1 without one.
	name int32
}

func (m *merger) profile(members []int32) *profile {
	if len(members) == 1 {
		return m.single(members)
	}
	type use struct {
		at, author, turn int32
		val              float64
	}
	texts := map[int32]int{}
	for _, i := range members {
		texts[m.c.author[i]]++
	}
	var uses []use
	chance := 0.0
	for _, i := range members {
		a := m.c.author[i]
		k := 1 / float64(texts[a]*len(texts))
		for j, at := range m.x[i].at {
			uses = append(uses, use{at, a, int32(len(uses)), float64(m.x[i].val[j]) * k})
		}
		chance += m.g.chance[i]
	}
	slices.SortFunc(uses, func(x, y use) int {
		switch {
		case x.at != y.at:
			return int(x.at - y.at)
		case x.author != y.author:
			return int(x.author - y.author)
		}
		return int(x.turn - y.turn)
	})
	p := &profile{members: members, authors: len(texts), name: -1}
	square := 0.0
	authors := make([]int32, 0, len(uses))
	for k := 0; k < len(uses); {
		at, sum, from := uses[k].at, 0.0, len(authors)
		for ; k < len(uses) && uses[k].at == at; k++ {
			sum += uses[k].val
			if a := uses[k].author; len(authors) == from || authors[len(authors)-1] != a {
				authors = append(authors, a)
			}
		}
		p.v.at, p.v.val = append(p.v.at, at), append(p.v.val, float32(sum))
		p.users = append(p.users, authors[from:len(authors):len(authors)])
		square += sum * sum
	}
	p.norm = max(math.Sqrt(square), 1e-9)
	p.chance = chance / float64(len(members)) / p.norm
	m.nameProfile(p)
	return p
}

// single is the profile of one text; it shares the text's vector.
func (m *merger) single(members []int32) *profile {
	i := members[0]
	p := &profile{members: members, v: m.x[i], authors: 1, name: -1}
	p.norm = max(norm(p.v), 1e-9)
	p.chance = m.g.chance[i] / p.norm
	p.users = make([][]int32, len(p.v.at))
	for k := range p.users {
		p.users[k] = m.c.author[i : i+1]
	}
	return p
}

// nameProfile finds the heaviest word of most authors, if those authors are most of its users anywhere.
func (m *merger) nameProfile(p *profile) {
	if m.c.without.Veto {
		return
	}
	best, top := -1, 0.0
	for k := range p.v.at {
		n := float64(len(p.users[k]))
		if n < nameSpread*float64(p.authors) {
			continue
		}
		if w := n / float64(p.authors) * float64(p.v.val[k]); best < 0 || w > top {
			best, top = k, w
		}
	}
	if best >= 0 && float64(len(p.users[best])) >= nameInside*float64(m.users[p.v.at[best]]) {
		p.name = p.v.at[best]
	}
}

// shareOf is the part of the profile's authors that use a word.
func (p *profile) shareOf(word int32) float64 {
	k, ok := slices.BinarySearch(p.v.at, word)
	if !ok {
		return 0
	}
	return float64(len(p.users[k])) / float64(p.authors)
}

// shared is a word of two profiles with its part of their similarity.
type shared struct {
	word int32
	part float64
}

// none is the evidence of profiles that have nothing to do with each other.
const none = -9.0

// evidence of two profiles being one issue, less what is required: they agree on the thing (words concentrated in their
// authors) and on the fault (words that are no part of the thing's name).
func (m *merger) evidence(a, b *profile) float64 { return m.evidenceAmong(a, b, 0) }

// evidenceAmong is evidence where newcomers authors are not yet counted among a word's users.
func (m *merger) evidenceAmong(a, b *profile, newcomers int32) float64 {
	if len(a.v.at) > len(b.v.at) {
		a, b = b, a
	}
	var buffer [64]shared
	parts := buffer[:0]
	thing, strongest, best := 0.0, -1.0, int32(-1)
	from := 0
	for k, at := range a.v.at {
		j, ok := slices.BinarySearch(b.v.at[from:], at)
		from += j
		if !ok {
			continue
		}
		c := float64(a.v.val[k]) * float64(b.v.val[from]) / (a.norm * b.norm)
		parts = append(parts, shared{at, c})
		// A word of one author alone is no evidence of a thing.
		concentrated := 0.0
		if n := union(a.users[k], b.users[from]); n > 1 {
			concentrated = c * float64(n) / float64(m.users[at]+newcomers)
		}
		thing += concentrated
		if concentrated > strongest {
			strongest, best = concentrated, at
		}
	}
	if best < 0 {
		return none
	}
	required := mergeAt
	if min(len(a.members), len(b.members)) < 2 {
		required = joinAt
	}
	required += chanceShare * a.chance * b.chance
	all := 0.0
	for _, s := range parts {
		all += s.part
	}
	if math.Sqrt(thing*all) < required {
		return math.Sqrt(thing*all) - required
	}
	fault := 0.0
	for _, s := range parts {
		if !m.locks.locked(best, s.word) {
			fault += s.part
		}
	}
	e := math.Sqrt(thing*fault) - required
	if e >= 0 && min(a.authors, b.authors) >= vetoAuthors && lacks(a, b) && lacks(b, a) {
		return none
	}
	return e
}

// likeness is the evidence that two crowds tell of one issue, less what is required. The more authors a profile has, the
// less it owes to any one of them, so that the whole of what two crowds share counts, however many others use the words
// too: a large issue is told in many ways, and its words are no longer rare. One word with its name is not enough.
func (m *merger) likeness(a, b *profile) float64 {
	if len(a.v.at) > len(b.v.at) {
		a, b = b, a
	}
	var buffer [64]shared
	parts := buffer[:0]
	all, best := 0.0, 0
	from := 0
	for k, at := range a.v.at {
		j, ok := slices.BinarySearch(b.v.at[from:], at)
		from += j
		if !ok {
			continue
		}
		c := float64(a.v.val[k]) * float64(b.v.val[from]) / (a.norm * b.norm)
		parts = append(parts, shared{at, c})
		all += c
		if c > parts[best].part {
			best = len(parts) - 1
		}
	}
	// What a profile owes to single authors fades as their number grows.
	required := alikeAt + alikeFew/float64(min(a.authors, b.authors)) + chanceShare*a.chance*b.chance
	if all < required {
		return all - required
	}
	rest := 0.0
	for _, s := range parts {
		if !m.locks.locked(parts[best].word, s.word) {
			rest += s.part
		}
	}
	e := math.Sqrt(all*rest) - required
	if e >= 0 && lacks(a, b) && lacks(b, a) {
		return none
	}
	return e
}

// lacks tells that a has a name which b's authors do not use.
func lacks(a, b *profile) bool { return a.name >= 0 && b.shareOf(a.name) < nameLack }

// union counts the distinct numbers of two ascending lists.
func union(a, b []int32) int {
	n := len(a) + len(b)
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n--
			i++
			j++
		}
	}
	return n
}
