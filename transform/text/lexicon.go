package text

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// lexicon holds the words of the native segmenter's dictionaries in a table that is looked up several times faster.
// It finds the most probable sequence of known words, as the native segmenter does; unknown words stay with that one.
type lexicon struct {
	// steps is a hash table of the trie's edges; nodes counts its nodes.
	steps []step
	mask  uint64
	nodes uint32
	// pairs marks, by hash, which two characters begin a word: most pairs do not.
	pairs []uint64
	// first are the steps to single characters, of the least weight where they are no word.
	first []step
	least float64
	// alone are the characters that the user's dictionary names as words, by code.
	alone map[uint16]bool
	// rare gives characters beyond the basic plane, where a word has one, a code of the private use area.
	rare map[rune]uint16
}

const (
	unknown     = math.MaxFloat64
	nodeBits    = 24
	nodeMask    = 1<<nodeBits - 1
	pairBits    = 21
	privateFrom = 0xe000
	privateTo   = 0xf8ff
	hashFactor  = 0x9e3779b97f4a7c15
)

// step is an edge: 24 bits of the node, 16 of the character, 23 of the node it leads to and one that is set when words go on
// from there, with the log-probability of the word that ends there; unknown where none does.
type step struct {
	edge   uint64
	weight float64
}

func (s step) key() uint64 { return s.edge >> nodeBits }
func (s step) to() uint32  { return uint32(s.edge&nodeMask) >> 1 }
func (s step) ends() bool  { return s.edge&1 == 0 }

// entry is a word with its log-probability.
type entry struct {
	word   string
	weight float64
}

// readLexicon reads the general dictionary at path and adds the user's lines, which go before equal words of it.
func readLexicon(path, lines string) (*lexicon, error) {
	entries, sum, err := readEntries(path)
	if err != nil {
		return nil, err
	}
	weights := make([]float64, len(entries))
	for i := range entries {
		entries[i].weight = math.Log(entries[i].weight / sum)
		weights[i] = entries[i].weight
	}
	slices.Sort(weights)
	l := &lexicon{
		pairs: make([]uint64, 1<<(pairBits-6)), first: make([]step, 1<<16), least: weights[0],
		alone: map[uint16]bool{}, rare: map[rune]uint16{},
	}
	l.grow(1 << 20)
	for c := range l.first {
		l.first[c].weight = l.least
	}
	for _, e := range entries {
		l.add(e)
	}
	usual := weights[len(weights)/2]
	for line := range strings.Lines(lines) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		e := entry{fields[0], usual}
		if len(fields) == 3 {
			n, err := strconv.Atoi(fields[1])
			if err != nil {
				return nil, fmt.Errorf("frequency of %q: %w", fields[0], err)
			}
			e.weight = math.Log(float64(n) / sum)
		}
		l.add(e)
		if r := []rune(e.word); len(r) == 1 {
			l.alone[l.code(r[0])] = true
		}
	}
	return l, nil
}

// readEntries returns the words with their frequencies, and the sum of these.
func readEntries(path string) (entries []entry, sum float64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("read dictionary: %w", err)
	}
	defer f.Close()
	rows := bufio.NewScanner(f)
	for rows.Scan() {
		word, rest, _ := strings.Cut(rows.Text(), " ")
		count, _, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseFloat(count, 64)
		if err != nil {
			return nil, 0, fmt.Errorf("read dictionary: frequency of %q: %w", word, err)
		}
		entries = append(entries, entry{word, n})
		sum += n
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read dictionary: %w", err)
	}
	return entries, sum, nil
}

// grow makes room for so many edges; it is a power of two, twice the number expected.
func (l *lexicon) grow(slots int) {
	old := l.steps
	l.steps, l.mask = make([]step, slots), uint64(slots-1)
	for _, s := range old {
		if s.edge != 0 {
			*l.step(uint32(s.key()>>16), uint16(s.key())) = s
		}
	}
}

// step returns the slot of the edge that a character makes from a node; one that is not taken has the edge 0.
func (l *lexicon) step(node uint32, c uint16) *step {
	key := uint64(node)<<16 | uint64(c)
	for at := key * hashFactor >> 20 & l.mask; ; at = (at + 1) & l.mask {
		if s := &l.steps[at]; s.edge == 0 || s.key() == key {
			return s
		}
	}
}

func pairSlot(a, b uint16) (word, bit uint64) {
	slot := (uint64(a)<<16 | uint64(b)) * hashFactor >> (64 - pairBits)
	return slot >> 6, 1 << (slot & 63)
}

func (l *lexicon) add(e entry) {
	var at *step
	var last uint16
	depth := 0
	for _, r := range e.word {
		c := l.coin(r)
		switch depth {
		case 0:
			at = &l.first[c]
		case 1:
			word, bit := pairSlot(last, c)
			l.pairs[word] |= bit
			fallthrough
		default:
			node := at.to()
			at.edge |= 1
			if int(l.nodes)*10 > len(l.steps)*7 {
				l.grow(2 * len(l.steps))
			}
			if at = l.step(node, c); at.edge == 0 {
				at.edge, at.weight = (uint64(node)<<16|uint64(c))<<nodeBits, unknown
			}
		}
		if at.to() == 0 {
			l.nodes++
			at.edge |= uint64(l.nodes) << 1
		}
		last = c
		depth++
	}
	if at != nil {
		at.weight = e.weight
	}
}

// code is a character as the table knows it, 0 when no word has it.
func (l *lexicon) code(r rune) uint16 {
	if r < privateFrom || r > privateTo && r <= 0xffff {
		return uint16(r)
	}
	return l.rare[r]
}

// coin is code for a character of a word; characters outside the table's range get a code of their own.
func (l *lexicon) coin(r rune) uint16 {
	c := l.code(r)
	if c == 0 && r != 0 && len(l.rare) < privateTo-privateFrom {
		c = uint16(privateFrom + len(l.rare))
		l.rare[r] = c
	}
	return c
}

// choose fills length with the number of characters of the word that starts at each character on the most probable way,
// 1 where no word does. Of equally probable ways the one with the shorter first word is taken, as the native segmenter does.
func (l *lexicon) choose(codes []uint16, best []float64, length []int32) {
	n := len(codes)
	best[n] = 0
	for i := n - 1; i >= 0; i-- {
		c := codes[i]
		first := &l.first[c]
		top, long := best[i+1]+first.weight, int32(1)
		if !first.ends() && i+1 < n {
			if word, bit := pairSlot(c, codes[i+1]); l.pairs[word]&bit != 0 {
				at := first
				for j := i + 1; j < n && !at.ends(); j++ {
					if at = l.step(at.to(), codes[j]); at.edge == 0 {
						break
					}
					if at.weight != unknown {
						if v := best[j+1] + at.weight; v > top {
							top, long = v, int32(j+1-i)
						}
					}
				}
			}
		}
		best[i], length[i] = top, long
	}
}
