package issue

import (
	"slices"
	"sync"
)

// locks knows which words are parts of one name: they stand at one fixed distance in most texts of the rarer word.
type locks struct {
	c  *corpus
	df []int32
	// of holds each word's texts.
	of [][]int32
	mu sync.RWMutex
	// partners holds, per word asked about, the words it is locked to as the rarer one.
	partners map[int32][]int32
}

func newLocks(c *corpus, g *weighted) *locks {
	l := &locks{c: c, df: g.df[:g.words], of: make([][]int32, g.words), partners: map[int32][]int32{}}
	for i, x := range g.x {
		for _, at := range x.below(g.words).at {
			if l.of[at] == nil {
				l.of[at] = make([]int32, 0, l.df[at])
			}
			l.of[at] = append(l.of[at], int32(i))
		}
	}
	return l
}

// locked tells whether t and u belong to one name.
func (l *locks) locked(t, u int32) bool {
	if t == u || l.c.without.Lock {
		return t == u
	}
	if l.df[t] > l.df[u] || l.df[t] == l.df[u] && t > u {
		t, u = u, t
	}
	l.mu.RLock()
	partners, known := l.partners[t]
	l.mu.RUnlock()
	if !known {
		partners = l.find(t)
		l.mu.Lock()
		l.partners[t] = partners
		l.mu.Unlock()
	}
	_, ok := slices.BinarySearch(partners, u)
	return ok
}

// find counts which words stand where around t, once a text.
func (l *locks) find(t int32) []int32 {
	type place struct{ word, offset int32 }
	count := map[place]int32{}
	var here []place
	for _, i := range l.of[t] {
		here = here[:0]
		for _, words := range [][]int32{l.c.texts[i].title, l.c.texts[i].body} {
			for k, w := range words {
				if w != t {
					continue
				}
				for o := max(0, k-lockWindow); o <= min(len(words)-1, k+lockWindow); o++ {
					p := place{words[o], int32(o - k)}
					if o != k && !slices.Contains(here, p) {
						here = append(here, p)
					}
				}
			}
		}
		for _, p := range here {
			count[p]++
		}
	}
	var partners []int32
	for p, n := range count {
		if float64(n) >= lockShare*float64(l.df[t]) {
			partners = append(partners, p.word)
		}
	}
	return distinct(partners)
}
