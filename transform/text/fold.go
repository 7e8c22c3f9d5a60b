package text

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foldTable tells what a character of the basic plane becomes when it is folded by itself; 0 for those that need the
// long way: what combines with its neighbours, becomes several characters, is dropped, or may be part of an address.
//
//nolint:gochecknoglobals // a table computed once
var foldTable = sync.OnceValue(func() *[1 << 16]uint16 {
	table := new([1 << 16]uint16)
	simple := simplified()
	for r := rune(1); r <= 0xffff; r++ {
		if !utf8.ValidRune(r) || r == utf8.RuneError || isControl(r) || isInvisible(r) || r == '<' || r == '&' {
			continue
		}
		char := string(r)
		folded := norm.NFKC.String(char)
		to, size := utf8.DecodeRuneInString(folded)
		if size != len(folded) || !norm.NFKC.PropertiesString(char).BoundaryBefore() || !norm.NFKC.PropertiesString(folded).BoundaryBefore() {
			continue
		}
		if to != r && (to == '/' || to == 'w') {
			continue
		}
		if to = foldRune(to, simple); to <= 0xffff {
			table[r] = uint16(to)
		}
	}
	return table
})

// folder holds the buffers of one normalising.
type folder struct {
	out, final []byte
	// starts are the offsets in out of characters that a variant may start with.
	starts []int32
}

//nolint:gochecknoglobals // a pool of buffers, without state
var folders = sync.Pool{New: func() any { return new(folder) }}

// normalizeFast is Normalize for texts all of whose characters fold by themselves; ok is false for others.
func normalizeFast(s string) (normal string, ok bool) {
	if strings.Contains(s, "//") || strings.Contains(s, "www") {
		return "", false
	}
	f, _ := folders.Get().(*folder)
	ok = f.fold(s)
	if ok {
		normal = strings.TrimSpace(f.replace(variants()))
	}
	if len(s) <= 4*maxScratch {
		folders.Put(f)
	}
	return normal, ok
}

// fold does in one pass what Clean, NFKC and foldRunes do in several.
func (f *folder) fold(s string) bool {
	table, starters := foldTable(), variants().starters
	out := f.out[:0]
	f.starts = f.starts[:0]
	var last rune
	times := 0
	for i := 0; i < len(s); {
		r, size := decode(s, i)
		i += size
		switch {
		case r <= 0xffff:
			if r = rune(table[r]); r == 0 {
				f.out = out
				return false
			}
		case r < 0x1f300 || r > 0x1faff:
			f.out = out
			return false
		}
		if r != last {
			last, times = r, 0
		} else if unicode.IsDigit(r) {
			times = 0
		} else if times++; isRepeat(r, times) {
			continue
		}
		if r < 0x80 {
			if starters[r>>6]&(1<<(r&63)) != 0 {
				f.starts = append(f.starts, int32(len(out)))
			}
			out = append(out, byte(r))
			continue
		}
		if r >= 0x800 && r <= 0xffff {
			if starters[r>>6]&(1<<(r&63)) != 0 {
				f.starts = append(f.starts, int32(len(out)))
			}
			out = append(out, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	f.out = out
	return true
}

// decode is utf8.DecodeRuneInString, quick for Chinese; what is no UTF-8 gives 0, which no table folds.
func decode(s string, i int) (r rune, size int) {
	c := s[i]
	if c < utf8.RuneSelf {
		return rune(c), 1
	}
	if c&0xf0 == 0xe0 && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80 {
		if r = rune(c&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f); r >= 0x800 {
			return r, 3
		}
		return 0, 1
	}
	if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError {
		return 0, 1
	}
	return r, size
}

// replace puts the common form of every variant in out, the longest variant first where several start.
func (f *folder) replace(table *variantWords) string {
	f.final = f.final[:0]
	from := 0
	for _, at := range f.starts {
		if int(at) < from {
			continue
		}
		r, _ := utf8.DecodeRune(f.out[at:])
		for _, v := range table.byFirst[r] {
			if end := int(at) + len(v.from); end <= len(f.out) && string(f.out[at:end]) == v.from {
				f.final = append(append(f.final, f.out[from:at]...), v.to...)
				from = end
				break
			}
		}
	}
	if from == 0 {
		return string(f.out)
	}
	f.final = append(f.final, f.out[from:]...)
	return string(f.final)
}

type variant struct{ from, to string }

// variantWords are spellings and synonyms with their common form.
type variantWords struct {
	replacer *strings.Replacer
	// byFirst are the variants by their first character, longest first; starters has a bit for each of these.
	byFirst  map[rune][]variant
	starters [1 << 10]uint64
}

// variants replaces spellings and synonyms by their common form, longest first.
//
//nolint:gochecknoglobals // a table read from the embedded file once
var variants = sync.OnceValue(func() *variantWords {
	var all []variant
	for fields := range tableRows(variantTable) {
		// The common form maps to itself, so that no variant inside it is replaced.
		for _, from := range fields {
			all = append(all, variant{from, fields[0]})
		}
	}
	slices.SortStableFunc(all, func(a, b variant) int { return len(b.from) - len(a.from) })
	w := &variantWords{byFirst: map[rune][]variant{}}
	flat := make([]string, 0, 2*len(all))
	for _, v := range all {
		flat = append(flat, v.from, v.to)
		first, _ := utf8.DecodeRuneInString(v.from)
		w.byFirst[first] = append(w.byFirst[first], v)
		w.starters[first>>6] |= 1 << (first & 63)
	}
	w.replacer = strings.NewReplacer(flat...)
	return w
})
