package duplicate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalize returns the text as it is compared.
func Normalize(s string) string {
	if isNormal(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isNormal(s string) bool {
	gap := true
	for _, r := range s {
		space := unicode.IsSpace(r)
		if space && (r != ' ' || gap) {
			return false
		}
		gap = space
	}
	return (!gap || s == "") && utf8.ValidString(s)
}
