package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters of a text a cell holds; a spreadsheet takes 32,767 units of UTF-16.
const longest = 16000

// clean makes a text fit to leave: valid UTF-8, without control characters other than line breaks, without marks that turn
// the reading order around, and no longer than a cell.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), turns(r), r == '\uFEFF', r == '\uFFFE', r == '\uFFFF':
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest-1]) + "…"
	}
	return s
}

// turns says whether a character changes the direction of what follows it.
func turns(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\u200E' || r == '\u200F' || r == '\u061C'
}

// Plain is a text for a file's name or another place that knows no cells.
func Plain(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// defused is a text as a CSV holds it: what a spreadsheet would take for a formula begins with an apostrophe, also behind
// blanks, and in the full-width forms that an East Asian spreadsheet takes as well.
func defused(s string) string {
	s = clean(s)
	if first := strings.TrimLeftFunc(s, unicode.IsSpace); first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first[:min(len(first), utf8.UTFMax)])[0]) {
		return "'" + s
	}
	return s
}
