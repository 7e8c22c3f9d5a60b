package simulate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// The notation of phrases: "{a|b|}" is one of its alternatives (nested as deep as wanted, empty allowed);
// "<name>" is a word of the list of that name or a value made by slots.go. Within one text a name keeps its value;
// "<name2>" draws another.

// teller expands phrases for one text of one person.
type teller struct {
	lists  map[string][]string
	r      *rand.Rand
	person customer
	at     time.Time // when the text is written, in the company's zone
	memo   map[string]string
	alias  map[string]string // names of the topic's own lists
}

func (t *teller) expand(s string) string {
	var b strings.Builder
	t.write(&b, s)
	return b.String()
}

func (t *teller) write(b *strings.Builder, s string) {
	for s != "" {
		i := strings.IndexAny(s, "{<")
		if i < 0 {
			b.WriteString(s)
			return
		}
		b.WriteString(s[:i])
		if s[i] == '<' {
			end := i + strings.IndexByte(s[i:], '>')
			b.WriteString(t.slot(s[i+1 : end]))
			s = s[end+1:]
			continue
		}
		options, rest := alternatives(s[i:])
		t.write(b, pick(t.r, options))
		s = rest
	}
}

// alternatives splits "{a|b}rest" into its options and the rest.
func alternatives(s string) (options []string, rest string) {
	depth, from := 0, 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return append(options, s[from:i]), s[i+1:]
			}
		case '|':
			if depth == 1 {
				options = append(options, s[from:i])
				from = i + 1
			}
		}
	}
	return append(options, s[from:]), ""
}

func (t *teller) slot(name string) string {
	if v, ok := t.memo[name]; ok {
		return v
	}
	base := strings.TrimRight(name, "23456789")
	if own, ok := t.alias[base]; ok {
		base = own
	}
	var v string
	if words := t.lists[base]; len(words) > 0 {
		v = t.expand(pick(t.r, words))
	} else {
		v = slots[base](t)
	}
	t.memo[name] = v
	return v
}

// checkPhrase says whether a phrase can be expanded.
func (l *library) checkPhrase(s string, alias map[string]string) error {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return errors.New("a } without {")
			}
		case '|':
			if depth == 0 {
				return errors.New("a | outside braces")
			}
		case '<':
			end := strings.IndexByte(s[i:], '>')
			if end < 0 {
				return errors.New("a < without >")
			}
			base := strings.TrimRight(s[i+1:i+end], "23456789")
			if own, ok := alias[base]; ok {
				base = own
			}
			if _, ok := slots[base]; !ok && len(l.lists[base]) == 0 {
				return fmt.Errorf("unknown slot %s", base)
			}
			i += end
		}
	}
	if depth != 0 {
		return errors.New("a { without }")
	}
	return nil
}
