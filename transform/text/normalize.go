package text

import (
	_ "embed"
	"html"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/traditional.tsv
var traditionalTable string

//go:embed data/variants.tsv
var variantTable string

// maxRepeat is how often the same mark or letter may follow itself: 哈哈哈哈哈 says no more than 哈哈.
const maxRepeat = 2

// Normalize returns one spelling per meaning, for comparison and never for display: cleaned, compatibility forms folded,
// lower case, simplified characters, HTML and URLs out, repeated marks folded, variants replaced by their common form.
func Normalize(s string) string {
	if normal, ok := normalizeFast(s); ok {
		return normal
	}
	return normalizeSlowly(s)
}

func normalizeSlowly(s string) string {
	s = Clean(s)
	if strings.ContainsAny(s, "<&") {
		s = dropMarkup(s)
	}
	s = norm.NFKC.String(s)
	s = dropURLs(s)
	s = foldRunes(s)
	return strings.TrimSpace(variants().replacer.Replace(s))
}

// dropMarkup removes HTML elements and resolves entities; a lone < of an ordinary sentence stays.
func dropMarkup(s string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 || open+1 >= len(s) {
			break
		}
		c := s[open+1]
		end := strings.IndexByte(s[open:], '>')
		if end < 0 || end > 500 || !(c == '/' || c == '!' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			b.WriteString(s[:open+1])
			s = s[open+1:]
			continue
		}
		b.WriteString(s[:open])
		b.WriteByte(' ')
		s = s[open+end+1:]
	}
	b.WriteString(s)
	return Clean(html.UnescapeString(b.String()))
}

// dropURLs replaces addresses of pages with a space; they name a page, not a problem.
func dropURLs(s string) string {
	for from := 0; ; {
		at, head := indexURL(s[from:])
		if at < 0 {
			return s
		}
		at += from
		end := at + head
		for end < len(s) && s[end] > ' ' && s[end] < utf8.RuneSelf && s[end] != '"' && s[end] != '<' {
			end++
		}
		s = s[:at] + " " + s[end:]
		from = at + 1
	}
}

// indexURL finds the next address and the length of what introduces it.
func indexURL(s string) (at, head int) {
	at = -1
	for _, intro := range []string{"://", "www."} {
		i := strings.Index(s, intro)
		if i < 0 || at >= 0 && i >= at {
			continue
		}
		start := i
		if intro == "://" {
			for start > 0 && isASCIILetter(s[start-1]) {
				start--
			}
		}
		if at < 0 || start < at {
			at, head = start, i-start+len(intro)
		}
	}
	return at, head
}

func isASCIILetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// foldRunes lowers, simplifies and folds repetitions in one pass.
func foldRunes(s string) string {
	simple := simplified()
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	times := 0
	for _, r := range s {
		r = foldRune(r, simple)
		if r == last && !unicode.IsDigit(r) {
			if times++; isRepeat(r, times) {
				continue
			}
		} else {
			times = 0
		}
		last = r
		b.WriteRune(r)
	}
	return b.String()
}

// foldRune lowers and simplifies a character.
func foldRune(r rune, simple map[rune]rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80:
		return r
	}
	if to, ok := simple[r]; ok {
		return to
	}
	return unicode.ToLower(r)
}

// isRepeat tells that a character has followed itself so often that one more says nothing.
func isRepeat(r rune, times int) bool {
	return times >= maxRepeat && !isASCIIAlnum(r) && (isMark(r) || times > maxRepeat)
}

func isASCIIAlnum(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func isMark(r rune) bool {
	return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r)
}

// simplified maps traditional characters to simplified ones.
//
//nolint:gochecknoglobals // a table read from the embedded file once
var simplified = sync.OnceValue(func() map[rune]rune {
	table := make(map[rune]rune, 4096)
	for fields := range tableRows(traditionalTable) {
		from, _ := utf8.DecodeRuneInString(fields[0])
		to, _ := utf8.DecodeRuneInString(fields[1])
		table[from] = to
	}
	return table
})

// tableRows yields the tab-separated rows of an embedded table that have two fields or more.
func tableRows(table string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(table) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if fields := strings.Split(line, "\t"); len(fields) > 1 && !yield(fields) {
				return
			}
		}
	}
}
