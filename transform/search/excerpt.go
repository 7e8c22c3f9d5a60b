package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"wenguo/transform/text"
)

// Span is a stretch of a text to mark, in characters (Unicode code points): Start is inside, End is not.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// lead is how many characters stand before the first marked one in an excerpt that does not begin with the text; near is how
// far from the text's beginning it may be for that: a list shows a line of each.
const (
	lead = 12
	near = 32
)

// Excerpt gives at most so many characters of a masked text, around the first place that answers the query, and what to mark
// in them. A cut end reads ….
func Excerpt(masked string, q Query, most int) (string, []Span) {
	runes := []rune(strings.Join(strings.Fields(text.Clean(masked)), " "))
	spans := marks(runes, q)
	if len(runes) <= most {
		return string(runes), spans
	}
	from := 0
	if len(spans) > 0 && spans[0].End > min(near, most-1) {
		from = min(max(0, spans[0].Start-lead), len(runes)-most+1)
	}
	to := min(len(runes), from+most-1)
	out, shift := runes[from:to], -from
	shown := make([]rune, 0, most+1)
	if from > 0 {
		shown, shift = append(shown, '…'), shift+1
	}
	shown = append(shown, out...)
	if to < len(runes) {
		shown = append(shown, '…')
	}
	var kept []Span
	for _, s := range spans {
		if s.Start >= from && s.End <= to {
			kept = append(kept, Span{s.Start + shift, s.End + shift})
		}
	}
	return string(shown), kept
}

// marks finds the wanted terms in the text as it is written, in whichever spelling.
func marks(runes []rune, q Query) []Span {
	if q.Empty() || len(runes) == 0 {
		return nil
	}
	folded, at := fold(runes)
	var spans []Span
	for _, t := range q.Want {
		for _, spelling := range text.Spellings(t.Text) {
			spans = append(spans, occurrences(folded, at, spelling)...)
		}
	}
	return joined(spans)
}

// fold is the text with each character by itself in its normal form, and for each byte of it the character it is of.
// Masked personal data is blank.
func fold(runes []rune) (string, []int) {
	var b strings.Builder
	var at []int
	hidden := false
	for i, r := range runes {
		hidden = hidden || r == '〔'
		normal := " "
		if !hidden && r != ' ' {
			if normal = foldOne(r); normal == "" {
				normal = " "
			}
		}
		hidden = hidden && r != '〕'
		b.WriteString(normal)
		for range len(normal) {
			at = append(at, i)
		}
	}
	return b.String(), at
}

func foldOne(r rune) string {
	switch {
	case r >= 'A' && r <= 'Z':
		return string(r + 'a' - 'A')
	case r < utf8.RuneSelf:
		return string(r)
	}
	return text.Normalize(string(r))
}

func occurrences(folded string, at []int, term string) []Span {
	var out []Span
	for from := 0; from < len(folded); {
		i := strings.Index(folded[from:], term)
		if i < 0 {
			break
		}
		i += from
		end := i + len(term)
		from = end
		if isLatin(term) && (i > 0 && isAlnum(rune(folded[i-1])) || end < len(folded) && isAlnum(rune(folded[end]))) {
			continue
		}
		out = append(out, Span{at[i], at[end-1] + 1})
	}
	return out
}

// joined sorts spans and joins those that touch.
func joined(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return a.Start - b.Start })
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
