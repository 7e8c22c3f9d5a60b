package text

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/yanyiwu/gojieba"
)

// cutter cuts as gojieba does, word for word, but asks it only for what no dictionary decides. A way of known words is found
// in the lexicon; runs of characters between them, which may hold unknown words, go to gojieba, all runs of a text at
// once, and those seen lately are remembered.
type cutter struct {
	native *gojieba.Jieba
	words  *lexicon
	memo   []atomic.Pointer[memory]
}

// memory is a run with the bits of its characters that end a word.
type memory struct {
	run  string
	ends uint64
}

const (
	memorySlots = 1 << 16
	// memoryRunes is the longest run that is remembered.
	memoryRunes = 64
)

// scratch holds the buffers of one cut.
type scratch struct {
	codes  []uint16
	at     []int32
	best   []float64
	length []int32
	// cuts are the ends of pieces in bytes; a negative one ends a run that gojieba cuts.
	cuts  []int32
	query []byte
	// found are the memories of the runs, nil for those that gojieba is asked for.
	found []*memory
}

//nolint:gochecknoglobals // a pool of buffers, without state
var scratches = sync.Pool{New: func() any { return new(scratch) }}

// maxScratch is the longest text, in characters, whose buffers are kept for the next.
const maxScratch = 1 << 15

// isSeparator tells the characters at which gojieba starts anew.
func isSeparator(r uint16) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '，' || r == '。'
}

// cut appends the pieces of s.
func (c *cutter) cut(pieces []string, s string) []string {
	b, _ := scratches.Get().(*scratch)
	b.decode(c.words, s)
	b.cuts = b.cuts[:0]
	from := 0
	for k, code := range b.codes {
		if isSeparator(code) {
			c.clause(b, s, from, k)
			b.cuts = append(b.cuts, b.at[k+1])
			from = k + 1
		}
	}
	c.clause(b, s, from, len(b.codes))
	pieces = c.emit(pieces, b, s)
	if len(b.codes) <= maxScratch {
		scratches.Put(b)
	}
	return pieces
}

func (b *scratch) decode(l *lexicon, s string) {
	b.codes, b.at = b.codes[:0], b.at[:0]
	for i, r := range s {
		b.codes = append(b.codes, l.code(r))
		b.at = append(b.at, int32(i))
	}
	b.at = append(b.at, int32(len(s)))
	for len(b.best) <= len(b.codes) {
		b.best, b.length = append(b.best, 0), append(b.length, 0)
	}
}

// clause cuts the characters from to, which hold no separator.
func (c *cutter) clause(b *scratch, s string, from, to int) {
	if from == to {
		return
	}
	length := b.length[from : to+1]
	c.words.choose(b.codes[from:to], b.best[from:to+1], length)
	for i := from; i < to; {
		if n := int(length[i-from]); n > 1 || len(c.words.alone) > 0 && c.words.alone[b.codes[i]] {
			i += n
			b.cuts = append(b.cuts, b.at[i])
			continue
		}
		end := i
		for end < to && length[end-from] == 1 && !(len(c.words.alone) > 0 && c.words.alone[b.codes[end]]) {
			end++
		}
		b.run(s, i, end)
		i = end
	}
}

// run cuts characters that are no known word together: letters and digits by rule, the others wait for gojieba.
func (b *scratch) run(s string, from, to int) {
	for i := from; i < to; {
		end := i + 1
		switch first := s[b.at[i]]; {
		case first >= utf8.RuneSelf:
			for end < to && s[b.at[end]] >= utf8.RuneSelf {
				end++
			}
			if end-i > 1 {
				b.cuts = append(b.cuts, -b.at[end])
				i = end
				continue
			}
		case isASCIILetter(first):
			for end < to && (isASCIILetter(s[b.at[end]]) || isASCIIDigit(s[b.at[end]])) {
				end++
			}
		case isASCIIDigit(first):
			for end < to && (s[b.at[end]] == '.' || isASCIIDigit(s[b.at[end]])) {
				end++
			}
		}
		b.cuts = append(b.cuts, b.at[end])
		i = end
	}
}

func isASCIIDigit(c byte) bool { return c >= '0' && c <= '9' }

// emit turns cuts into pieces and asks gojieba, once, for the runs that are not remembered.
func (c *cutter) emit(pieces []string, b *scratch, s string) []string {
	b.found, b.query = b.found[:0], b.query[:0]
	from := int32(0)
	for _, end := range b.cuts {
		if end > 0 {
			from = end
			continue
		}
		run := s[from:-end]
		known := c.recall(run)
		if b.found = append(b.found, known); known == nil {
			b.query = append(append(b.query, run...), '\n')
		}
		from = -end
	}
	var answers []string
	if len(b.query) > 0 {
		answers = c.native.Cut(string(b.query), true)
	}
	from = 0
	runs := 0
	for _, end := range b.cuts {
		if end > 0 {
			pieces = append(pieces, s[from:end])
			from = end
			continue
		}
		run := s[from:-end]
		from = -end
		if known := b.found[runs]; known != nil {
			pieces = known.pieces(pieces, run)
		} else {
			pieces, answers = c.take(pieces, run, answers)
		}
		runs++
	}
	clear(b.found)
	return pieces
}

// take appends the pieces that gojieba answered for a run, remembers them, and returns the answers to the other runs.
func (c *cutter) take(pieces []string, run string, answers []string) (all, rest []string) {
	first, at, taken := len(pieces), 0, 0
	for at < len(run) && taken < len(answers) {
		end := at + len(answers[taken])
		if end > len(run) {
			break
		}
		pieces = append(pieces, run[at:end])
		at = end
		taken++
	}
	if at < len(run) {
		return append(pieces[:first], run), nil
	}
	c.remember(run, pieces[first:])
	return pieces, answers[min(taken+1, len(answers)):]
}

func (c *cutter) slot(run string) *atomic.Pointer[memory] {
	h := uint64(14695981039346656037)
	for i := range len(run) {
		h = (h ^ uint64(run[i])) * 1099511628211
	}
	return &c.memo[h>>32%memorySlots]
}

func (c *cutter) recall(run string) *memory {
	if m := c.slot(run).Load(); m != nil && m.run == run {
		return m
	}
	return nil
}

func (c *cutter) remember(run string, pieces []string) {
	m := &memory{}
	k := 0
	for _, p := range pieces {
		if k += utf8.RuneCountInString(p); k > memoryRunes {
			return
		}
		m.ends |= 1 << (k - 1)
	}
	m.run = strings.Clone(run)
	c.slot(run).Store(m)
}

// pieces appends the pieces of a run.
func (m *memory) pieces(out []string, run string) []string {
	from, k := 0, 0
	for i, r := range run {
		if m.ends&(1<<k) != 0 {
			end := i + utf8.RuneLen(r)
			out = append(out, run[from:end])
			from = end
		}
		k++
	}
	return out
}
