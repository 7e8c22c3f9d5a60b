package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// steadyZip packs entries in the order of their names and without instants, in whatever order they come. It holds them
// compressed in memory.
type steadyZip struct {
	to      io.Writer
	entries []*zipEntry
}

type zipEntry struct {
	name   string
	packed bytes.Buffer
	flate  *flate.Writer
	crc    uint32
	size   uint64
}

// Write packs and sums.
func (e *zipEntry) Write(p []byte) (int, error) {
	e.crc = crc32.Update(e.crc, crc32.IEEETable, p)
	e.size += uint64(len(p))
	n, err := e.flate.Write(p)
	if err != nil {
		return n, fmt.Errorf("pack %s: %w", e.name, err)
	}
	return n, nil
}

// Create begins an entry.
func (z *steadyZip) Create(name string) (io.Writer, error) {
	e := &zipEntry{name: name}
	var err error
	if e.flate, err = flate.NewWriter(&e.packed, flate.DefaultCompression); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	z.entries = append(z.entries, e)
	return e, nil
}

// AddFS is asked of no book.
func (z *steadyZip) AddFS(fs.FS) error { return errors.New("no folder goes into a book") }

// Close writes all entries.
func (z *steadyZip) Close() error {
	slices.SortFunc(z.entries, func(a, b *zipEntry) int { return strings.Compare(a.name, b.name) })
	out := zip.NewWriter(z.to)
	for _, e := range z.entries {
		if err := e.flate.Close(); err != nil {
			return fmt.Errorf("pack %s: %w", e.name, err)
		}
		w, err := out.CreateRaw(&zip.FileHeader{
			Name: e.name, Method: zip.Deflate, CRC32: e.crc, CompressedSize64: uint64(e.packed.Len()), UncompressedSize64: e.size, //nolint:gosec // a length
		})
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
		if _, err := w.Write(e.packed.Bytes()); err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}
