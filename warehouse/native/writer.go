// Package native writes blocks in ClickHouse's Native format and sends them over its HTTP interface. It is the one way of
// an event into the store that is counted in microseconds: each value is copied once, from the message into the request.
package native

import (
	"encoding/binary"
	"math"
	"time"
)

// Block is one block of rows on the way to the store, column after column.
type Block struct {
	rows int
	out  []byte
}

// NewBlock begins a block of so many columns and rows; size is about how many bytes it will have.
func NewBlock(columns, rows, size int) *Block {
	b := &Block{rows: rows, out: make([]byte, 0, size)}
	b.count(columns)
	b.count(rows)
	return b
}

// Strings adds a column of String.
func (b *Block) Strings(name string, value func(i int) string) {
	b.column(name, "String")
	for i := range b.rows {
		b.text(value(i))
	}
}

// Bytes is Strings for values that are bytes.
func (b *Block) Bytes(name string, value func(i int) []byte) {
	b.column(name, "String")
	for i := range b.rows {
		v := value(i)
		b.count(len(v))
		b.out = append(b.out, v...)
	}
}

// A LowCardinality column is a dictionary and an index per row; these are its format's constants.
const (
	dictionaryVersion = 1
	// own says that the dictionary comes with the block, and replaces any before it.
	own     = 1<<9 | 1<<10
	index8  = 0
	index16 = 1
	index32 = 2
)

// Words adds a column of LowCardinality(String).
func (b *Block) Words(name string, value func(i int) string) {
	b.column(name, "LowCardinality(String)")
	var (
		places = map[string]uint32{}
		words  []string
		index  = make([]uint32, b.rows)
		last   string
		at     uint32
	)
	for i := range b.rows {
		if v := value(i); i == 0 || v != last {
			place, known := places[v]
			if !known {
				place = uint32(len(words)) //nolint:gosec // at most one a row
				places[v], words = place, append(words, v)
			}
			last, at = v, place
		}
		index[i] = at
	}
	b.number(dictionaryVersion)
	width := uint64(index8)
	switch {
	case len(words) > math.MaxUint16+1:
		width = index32
	case len(words) > math.MaxUint8+1:
		width = index16
	}
	b.number(own | width)
	b.number(uint64(len(words)))
	for _, w := range words {
		b.text(w)
	}
	b.number(uint64(len(index)))
	for _, i := range index {
		switch width {
		case index8:
			b.out = append(b.out, byte(i))
		case index16:
			b.out = binary.LittleEndian.AppendUint16(b.out, uint16(i)) //nolint:gosec // the width was chosen for it
		default:
			b.out = binary.LittleEndian.AppendUint32(b.out, i)
		}
	}
}

// Numbers adds a column of UInt64.
func (b *Block) Numbers(name string, value func(i int) uint64) {
	b.column(name, "UInt64")
	for i := range b.rows {
		b.number(value(i))
	}
}

// Smalls adds a column of UInt32.
func (b *Block) Smalls(name string, value func(i int) uint32) {
	b.column(name, "UInt32")
	for i := range b.rows {
		b.out = binary.LittleEndian.AppendUint32(b.out, value(i))
	}
}

// Bools adds a column of Bool.
func (b *Block) Bools(name string, value func(i int) bool) {
	b.column(name, "Bool")
	for i := range b.rows {
		var v byte
		if value(i) {
			v = 1
		}
		b.out = append(b.out, v)
	}
}

// Instants adds a column of DateTime64(3, 'UTC').
func (b *Block) Instants(name string, value func(i int) time.Time) {
	b.column(name, "DateTime64(3, 'UTC')")
	for i := range b.rows {
		b.number(uint64(value(i).UnixMilli())) //nolint:gosec // two's complement is what is meant
	}
}

func (b *Block) column(name, kind string) {
	b.text(name)
	b.text(kind)
}

func (b *Block) text(s string) {
	b.count(len(s))
	b.out = append(b.out, s...)
}

func (b *Block) count(n int)     { b.out = binary.AppendUvarint(b.out, uint64(n)) } //nolint:gosec // a length
func (b *Block) number(n uint64) { b.out = binary.LittleEndian.AppendUint64(b.out, n) }
