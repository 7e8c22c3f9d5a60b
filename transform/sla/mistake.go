package sla

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Mistake is one thing that is wrong, or odd, in a file that a person wrote.
type Mistake struct {
	// Line counts from 1; 0 where no single line is to blame.
	Line int
	// What is wrong, as a phrase that goes before "at line N".
	What string
	// Remedy is what to do; it may be empty.
	Remedy string
}

// Error is one sentence with the line and the remedy.
func (m Mistake) Error() string {
	s := m.What
	if m.Line > 0 {
		s = fmt.Sprintf("%s at line %d", m.What, m.Line)
	}
	if m.Remedy != "" {
		s += "; " + m.Remedy
	}
	return s
}

// Mistakes are all that is wrong with a file, in the order of their lines, so that one look mends all of it.
type Mistakes []Mistake

// Error lists the mistakes, one a line.
func (m Mistakes) Error() string {
	list := make([]string, len(m))
	for i, one := range m {
		list[i] = one.Error()
	}
	return strings.Join(list, "\n")
}

func (m Mistakes) sorted() Mistakes {
	slices.SortStableFunc(m, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
	return slices.Compact(m)
}

// remedy proposes the nearest of what is allowed, or lists all of it.
func remedy(given string, allowed []string) string {
	if near := nearest(given, allowed); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(allowed) == 0 {
		return "none is defined"
	}
	return "use one of " + strings.Join(slices.Sorted(slices.Values(allowed)), ", ")
}

// nearest is the allowed word that a slip of the hand turns into the given one; empty when none is near.
func nearest(given string, allowed []string) string {
	best, least := "", 1+max(1, len([]rune(given))/3)
	for _, word := range slices.Sorted(slices.Values(allowed)) {
		d := slips([]rune(strings.ToLower(given)), []rune(strings.ToLower(word)))
		if long := len(given) >= 3 && (strings.HasPrefix(word, given) || len(word) >= 3 && strings.HasPrefix(given, word)); long {
			d = min(d, 1)
		}
		if d < least {
			best, least = word, d
		}
	}
	return best
}

// slips counts the letters to add, drop, change or swap with their neighbour to make one word of the other (the optimal
// string alignment distance).
func slips(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		now := make([]int, len(b)+1)
		now[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			now[j+1] = min(last[j]+change, last[j+1]+1, now[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last = last, now
	}
	return last[len(b)]
}
