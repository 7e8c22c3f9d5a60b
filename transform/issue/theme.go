package issue

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// themeWords is how many of an issue's heaviest words may name its theme.
const themeWords = 12

// faults are the words of an issue that tell its fault: no place, no part of a name in its place, and used outside as well.
// A word that most of its texts begin with is what they are about.
func (m *merger) faults(p *profile, parts []wordShare) []wordShare {
	first := map[int32]int{}
	for _, i := range p.members {
		t := &m.c.texts[i]
		if heading := append(slices.Clip(t.title), t.body...); len(heading) > 0 {
			first[heading[0]]++
		}
	}
	var out []wordShare
	for _, s := range parts[:min(themeWords, len(parts))] {
		word := m.c.words[s.word]
		if s.part < edgeShare || functionWords[word] || isPlace(word) || isLatin(word) || utf8.RuneCountInString(word) < 2 {
			continue
		}
		k, _ := slices.BinarySearch(p.v.at, s.word)
		inside := float64(len(p.users[k])) / float64(m.users[s.word])
		// A maker stands before the model, the heaviest word.
		isName := func(n naming) bool { return n.word == s.word || n.after == s.word && n.word == parts[0].word }
		if inside <= nameInside && 2*first[s.word] <= len(p.members) && !slices.ContainsFunc(m.namesOf(p), isName) {
			out = append(out, s)
		}
	}
	return out
}

// setThemes groups issues by fault: an issue's theme is that of its fault words which weighs most in it and in others.
// A fault that only one issue has is no theme.
func setThemes(all []described, words []string) {
	issues := map[int32]int{}
	for _, f := range all {
		for _, s := range f.faults {
			issues[s.word]++
		}
	}
	for k := range all {
		weight := func(s wordShare) float64 { return s.part * math.Log(float64(issues[s.word])) }
		if len(all[k].faults) == 0 {
			continue
		}
		best := slices.MaxFunc(all[k].faults, func(x, y wordShare) int {
			return cmp.Or(cmp.Compare(weight(x), weight(y)), cmp.Compare(words[y.word], words[x.word]))
		})
		if issues[best.word] > 1 {
			all[k].issue.Theme = words[best.word]
		}
	}
	// A theme that was chosen once only says nothing.
	chosen := map[string]int{}
	for _, f := range all {
		chosen[f.issue.Theme]++
	}
	for k := range all {
		if chosen[all[k].issue.Theme] < 2 {
			all[k].issue.Theme = ""
		}
	}
}
