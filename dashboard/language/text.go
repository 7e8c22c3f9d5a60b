package language

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// values are what a phrase carries without being part of it: quotations, instants as programs write them, dates, numbers, and the dash that stands for
// a number that does not exist.
var values = regexp.MustCompile(`“[^”]*”|\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\b\d{4} 年 \d{1,2} 月 \d{1,2} 日|\b\d{1,2} 月 \d{1,2} 日|` +
	`\b\d{4}-\d\d-\d\d\b|\b\d{4}-\d\d\b|\b(?:0\d|1[0-2])-[0-3]\d\b|(?:[<+−]|\B-)?\d+(?:[.,:]\d+)*%?|—`)

// separators part a text into fragments that may be phrases of their own.
var separators = regexp.MustCompile(`[ ，。；：、（）？！·/→＝]+`)

// until is a dash between two dates, which hold spaces themselves.
var until = regexp.MustCompile(`((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d{4})?)—(\d)`)

// hole stands for a value in a phrase.
const hole = "{}"

// Han says whether a text holds a Chinese character outside of a quotation, which is somebody's word.
func Han(s string) bool {
	quoted := false
	for _, r := range s {
		switch {
		case r == '“':
			quoted = true
		case r == '”':
			quoted = false
		case !quoted && unicode.Is(unicode.Han, r):
			return true
		}
	}
	return false
}

// Translate is the English of a Chinese text. What no phrase covers stays as it is.
func (t *Translator) Translate(text string) string {
	var last string
	english, _ := t.text(text, &last)
	return english
}

// text is Translate for a part of a sentence: last is the newest number before it, with which words agree, and becomes
// the last one in it. It says whether all of it was covered.
func (t *Translator) text(text string, last *string) (english string, complete bool) {
	body := strings.TrimSpace(text)
	lead, trail, _ := strings.Cut(text, body)
	if body == "" {
		return text, true
	}
	if strings.Contains(body, hole) { // not a text of the product, and it would be taken for a value
		return text, !Han(text)
	}
	key, found := t.holes(strings.Join(strings.Fields(body), " "))
	w := writer{values: found, last: last}
	complete = true
	fragments, between := split(key)
	for len(fragments) > 0 {
		n, closed := t.run(&w, fragments, between)
		if n == 0 {
			n = 1
			if Han(fragments[0]) {
				complete = false
				t.seen(fragments[0], false)
			}
			w.fill(fragments[0])
		}
		if n <= len(between) {
			w.separate(between[n-1][closed:])
		}
		fragments, between = fragments[n:], between[min(n, len(between)):]
	}
	return lead + until.ReplaceAllString(w.String(), "$1 – $2") + trail, complete
}

// run writes the longest phrase that begins with the first fragment. It says how many fragments the phrase took, and how
// many bytes of the mark behind them, which are the bracket that closes one inside of the phrase.
func (t *Translator) run(w *writer, fragments, between []string) (n, closed int) {
	for n = min(len(fragments), t.longest[fragments[0]]); n > 0; n-- {
		var b strings.Builder
		for i, f := range fragments[:n] {
			b.WriteString(f)
			if i < n-1 {
				b.WriteString(between[i])
			}
		}
		key := b.String()
		if strings.Count(key, "（") > strings.Count(key, "）") && n <= len(between) && strings.HasPrefix(between[n-1], "）") {
			key += "）"
			closed = len("）")
		}
		if english, literal, known := t.phrase(key, w.original(key)); known {
			t.seen(key, true)
			w.phrase(english, strings.Count(key, hole), literal)
			return n, closed
		}
		closed = 0
	}
	return 0, 0
}

// holes takes the values out of a text and writes them in English.
func (t *Translator) holes(text string) (key string, found []value) {
	key = values.ReplaceAllStringFunc(text, func(s string) string {
		v := value{chinese: s, english: s}
		if inner, quoted := strings.CutPrefix(s, "“"); quoted {
			var last string
			if english, complete := t.Traced(func(string, bool) {}).text(strings.TrimSuffix(inner, "”"), &last); complete {
				v.english = "“" + english + "”"
			}
		} else {
			v.english = date(s)
		}
		found = append(found, v)
		return hole
	})
	return key, found
}

// split parts a key into fragments and what stands between them; of n fragments there are n or n−1 of the latter.
func split(key string) (fragments, between []string) {
	at := 0
	for _, m := range separators.FindAllStringIndex(key, -1) {
		fragments, between = append(fragments, key[at:m[0]]), append(between, key[m[0]:m[1]])
		at = m[1]
	}
	if at < len(key) {
		fragments = append(fragments, key[at:])
	}
	return fragments, between
}

var digits = regexp.MustCompile(`\d+`)

// date writes 2026-11-22, 11-22 and 2026 年 11 月 22 日 as 22 Nov 2026 or 22 Nov, and leaves any other value alone.
func date(s string) string {
	if !strings.ContainsAny(s, "-月") || strings.HasPrefix(s, "-") || strings.Contains(s, ".") {
		return s
	}
	var n []int
	for _, d := range digits.FindAllString(s, -1) {
		i, _ := strconv.Atoi(d)
		n = append(n, i)
	}
	const names = "JanFebMarAprMayJunJulAugSepOctNovDec"
	name := func(month int) string { return names[3*month-3 : 3*month] }
	year := n[0] > 31
	switch {
	case len(n) == 3 && n[1] >= 1 && n[1] <= 12:
		return strconv.Itoa(n[2]) + " " + name(n[1]) + " " + strconv.Itoa(n[0])
	case len(n) == 2 && year && n[1] >= 1 && n[1] <= 12:
		return name(n[1]) + " " + strconv.Itoa(n[0])
	case len(n) == 2 && !year && n[0] >= 1 && n[0] <= 12:
		return strconv.Itoa(n[1]) + " " + name(n[0])
	}
	return s
}

// value of a text, as it stood there and as it reads in English.
type value struct{ chinese, english string }

// writer puts phrases together with English punctuation.
type writer struct {
	strings.Builder

	values []value
	last   *string
	// after is the mark before the next phrase.
	after rune
}

// original is the text that became a key: its holes filled with what they held.
func (w *writer) original(key string) string {
	for _, v := range w.values {
		if !strings.Contains(key, hole) {
			break
		}
		key = strings.Replace(key, hole, v.chinese, 1)
	}
	return key
}

// phrase writes an English phrase and takes so many values for its holes.
func (w *writer) phrase(english string, n int, literal bool) {
	mine := w.values[:n]
	w.values = w.values[n:]
	if !literal {
		english = w.agree(english, mine)
	}
	switch w.after {
	case '。', '？', '！':
		english = capital(english)
	case '，', '；', '、', '（':
		english = lower(english)
	}
	w.append(english)
	if len(mine) > 0 {
		*w.last = mine[len(mine)-1].chinese
	}
}

// fill writes a fragment that is no phrase.
func (w *writer) fill(fragment string) {
	n := strings.Count(fragment, hole)
	for _, v := range w.values[:n] {
		fragment = strings.Replace(fragment, hole, v.english, 1)
	}
	w.phrase(fragment, n, true)
}

// separate writes the marks between two phrases.
func (w *writer) separate(marks string) {
	if strings.TrimSpace(marks) == "" {
		w.WriteString(marks)
		return
	}
	for _, r := range marks {
		switch r {
		case ' ':
		case '（':
			w.append("(")
		case '·', '/', '→', '＝':
			w.WriteString(" " + strings.ReplaceAll(string(r), "＝", "=") + " ")
		default:
			w.WriteString(map[rune]string{'，': ",", '。': ".", '；': ";", '：': ":", '、': ",", '）': ")", '？': "?", '！': "!"}[r])
		}
		if r != ' ' {
			w.after = r
		}
	}
}

// append writes with a space before where two words would touch.
func (w *writer) append(s string) {
	if touch(w.String(), s) {
		w.WriteByte(' ')
	}
	w.WriteString(s)
}

// agree fills the holes of an English phrase and makes its words agree with the numbers before them.
func (w *writer) agree(english string, mine []value) string {
	var b strings.Builder
	last, next := *w.last, 0
	for english != "" {
		i := strings.IndexAny(english, "{[")
		if i < 0 {
			break
		}
		b.WriteString(english[:i])
		open := english[i]
		inner, rest, closed := strings.Cut(english[i+1:], map[byte]string{'{': "}", '[': "]"}[open])
		if !closed {
			english = english[i:]
			break
		}
		english = rest
		if open == '[' {
			one, many, two := strings.Cut(inner, "|")
			if !two {
				one, many = "", inner
			}
			if last == "1" {
				many = one
			}
			b.WriteString(many)
			continue
		}
		if n, err := strconv.Atoi(inner); err == nil {
			next = n - 1
		}
		if next >= 0 && next < len(mine) {
			b.WriteString(mine[next].english)
			last = mine[next].chinese
		}
		next++
	}
	return b.String() + english
}

// touch says whether two texts need a space between them in English.
func touch(before, after string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return (word(a) || strings.ContainsRune(",.;:)%”?!", a)) && (word(b) || strings.ContainsRune("(“\"<+−—", b))
}

// capital begins a sentence.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// lower goes on with a sentence; a word all in capitals stays one.
func lower(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	next, _ := utf8.DecodeRuneInString(s[size:])
	if !unicode.IsLower(next) && next != ' ' {
		return s
	}
	return string(unicode.ToLower(r)) + s[size:]
}
