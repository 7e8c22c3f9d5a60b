package text

import "strings"

// DomainTerms are the words of complaints that the program brings, beside the general dictionary.
func DomainTerms() []string {
	var out []string
	for line := range strings.Lines(domainTerms) {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word != "" && !strings.HasPrefix(word, "#") {
			out = append(out, word)
		}
	}
	return out
}
