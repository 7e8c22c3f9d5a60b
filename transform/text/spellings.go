package text

import "slices"

// Spellings are the ways a normalised word may have been written: itself, and the spellings and synonyms whose common form it
// is. They are normalised but for that.
func Spellings(word string) []string {
	out := []string{word}
	for _, all := range variants().byFirst {
		for _, v := range all {
			if v.to == word && v.from != word {
				out = append(out, v.from)
			}
		}
	}
	slices.Sort(out[1:])
	return out
}
