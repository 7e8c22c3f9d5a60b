package text

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

//go:embed data/domain.tsv
var domainTerms string

const (
	maxTermRunes = 32
	// maxCut is the longest piece, in bytes, handed to the native segmenter at once; it keeps its buffers small.
	maxCut = 1 << 16
)

// Segmenter cuts Chinese text into words with a general dictionary, the words of complaints, and the user's own terms.
type Segmenter struct {
	dict dictionary
	mu   sync.RWMutex
	cut  *cutter
}

// Open unpacks the dictionaries below dir, unless they lie there already with the right hash, and loads them.
// A term is a word, or a word with its frequency.
func Open(dir string, userTerms ...string) (*Segmenter, error) {
	dict, err := unpack(dir)
	if err != nil {
		return nil, fmt.Errorf("unpack dictionaries: %w", err)
	}
	s := &Segmenter{dict: dict}
	if err := s.Swap(userTerms...); err != nil {
		return nil, err
	}
	return s, nil
}

// Swap replaces the user's terms. Those who cut meanwhile go on with the old ones until the new dictionary is loaded.
func (s *Segmenter) Swap(userTerms ...string) error {
	var lines strings.Builder
	for line := range strings.Lines(domainTerms) {
		if !strings.HasPrefix(line, "#") {
			lines.WriteString(line)
		}
	}
	for _, term := range userTerms {
		line, err := parseTerm(term)
		if err != nil {
			return err
		}
		if line != "" {
			lines.WriteString(line + "\n")
		}
	}
	native, err := s.dict.load(lines.String())
	if err != nil {
		return fmt.Errorf("load dictionaries: %w", err)
	}
	known, err := readLexicon(s.dict.words(), lines.String())
	if err != nil {
		native.Free()
		return fmt.Errorf("load dictionaries: %w", err)
	}
	next := &cutter{native: native, words: known, memo: make([]atomic.Pointer[memory], memorySlots)}
	s.mu.Lock()
	old := s.cut
	s.cut = next
	s.mu.Unlock()
	if old != nil {
		old.native.Free()
	}
	return nil
}

// Close frees the native memory. A closed Segmenter finds no words.
func (s *Segmenter) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cut != nil {
		s.cut.native.Free()
		s.cut = nil
	}
}

// Words returns the words of Normalize(s) in their order, without punctuation and space.
func (s *Segmenter) Words(text string) []string {
	return s.WordsOf(Normalize(text))
}

// WordsOf is Words for a text that is normalised already.
func (s *Segmenter) WordsOf(normal string) []string {
	cut := s.CutOf(normal)
	words := cut[:0]
	for _, w := range cut {
		if IsWord(w) {
			words = append(words, w)
		}
	}
	return words
}

// Cut returns every piece of Normalize(s), punctuation and space included; joined they give Normalize(s) again.
func (s *Segmenter) Cut(text string) []string {
	return s.CutOf(Normalize(text))
}

// CutOf is Cut for a text that is normalised already. Tokens of Mask and coded places such as b7市 are one piece each.
func (s *Segmenter) CutOf(normal string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.cut == nil {
		return nil
	}
	pieces := make([]string, 0, len(normal)/5+4)
	from := 0
	for at := 0; at < len(normal); {
		end := wholeToken(normal, at)
		if end == 0 {
			at++
			continue
		}
		pieces = s.appendCut(pieces, normal[from:at])
		pieces = append(pieces, normal[at:end])
		at, from = end, end
	}
	return s.appendCut(pieces, normal[from:])
}

func (s *Segmenter) appendCut(pieces []string, part string) []string {
	for part != "" {
		end := len(part)
		if end > maxCut {
			end = maxCut
			for end > 0 && part[end]&0xc0 == 0x80 {
				end--
			}
		}
		pieces = s.cut.cut(pieces, part[:end])
		part = part[end:]
	}
	return pieces
}

// wholeToken returns the end of a token that must not be cut apart and starts at byte i, or 0.
// The segmenter would glue the 区 of a coded place to the name that follows it.
func wholeToken(s string, i int) int {
	c := s[i]
	if c == maskOpen[0] && strings.HasPrefix(s[i:], maskOpen) {
		if end := strings.Index(s[i:], maskClose); end > 0 && end < 40 {
			return i + end + len(maskClose)
		}
		return 0
	}
	if c < 'a' || c > 'z' || i > 0 && isASCIIAlnum(rune(s[i-1])) {
		return 0
	}
	j := i
	for j < len(s) && s[j] >= 'a' && s[j] <= 'z' {
		j++
	}
	for j < len(s) && s[j] >= '0' && s[j] <= '9' {
		j++
	}
	for _, level := range []string{"省", "市", "区", "县", "州", "镇", "乡"} {
		if strings.HasPrefix(s[j:], level) {
			return j + len(level)
		}
	}
	return 0
}

// IsWord tells a word from punctuation and space.
func IsWord(piece string) bool {
	for _, r := range piece {
		if r >= 0x4e00 && r <= 0x9fa5 {
			return true
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return true
		}
	}
	return false
}

// ReadTerms reads a user dictionary: a term a line, optionally with its frequency; empty lines and lines that start with # are left out.
func ReadTerms(r io.Reader) ([]string, error) {
	var terms []string
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(Clean(lines.Text()))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if _, err := parseTerm(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		terms = append(terms, line)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read terms: %w", err)
	}
	return terms, nil
}

// parseTerm returns a term as a line of the segmenter's user dictionary; an empty term gives none.
func parseTerm(term string) (string, error) {
	fields := strings.Fields(Normalize(term))
	switch {
	case len(fields) == 0:
		return "", nil
	case len(fields) > 3:
		return "", fmt.Errorf("term %q: want a word and at most a frequency and a tag", term)
	case len([]rune(fields[0])) > maxTermRunes:
		return "", fmt.Errorf("term %q: longer than %d characters", term, maxTermRunes)
	case len(fields) == 1:
		return fields[0], nil
	}
	n, err := strconv.Atoi(fields[1])
	if err != nil || n <= 0 {
		return "", fmt.Errorf("term %q: frequency must be a whole number above 0: %w", term, errors.Join(err))
	}
	return fields[0] + " " + fields[1] + " x", nil
}

// ReadTermsFile reads the user dictionary that lies at path.
func ReadTermsFile(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read user dictionary: %w", err)
	}
	defer f.Close()
	terms, err := ReadTerms(f)
	if err != nil {
		return nil, fmt.Errorf("read user dictionary %s: %w", path, err)
	}
	return terms, nil
}
