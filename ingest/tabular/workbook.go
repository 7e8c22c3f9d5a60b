package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"wenguo/ingest"
)

// Bounds of a workbook, so that a small file cannot fill memory or disk.
const (
	// maxUnpacked bounds all parts together, unpacked; maxAttached those that are no cells, such as pictures.
	maxUnpacked = 1 << 30
	maxAttached = 128 << 20
	// maxRatio bounds how far a part above smallPart shrinks by packing; tables of text shrink 5 to 30 times.
	maxRatio  = 200
	smallPart = 4 << 20
	maxParts  = 10_000
	// inMemory is up to which size a part is unpacked to memory rather than to a temporary file.
	inMemory = 16 << 20
)

// headerSearch is how many rows may stand above the header: titles and notes of printed tables.
const headerSearch = 10

// workbookTable reads the first sheet that has a table, row by row.
type workbookTable struct {
	book   *excelize.File
	rows   *excelize.Rows
	header []string
	number int
}

func newWorkbookTable(file *os.File, size int64) (t *workbookTable, err error) {
	if err := checkParts(file, size); err != nil {
		return nil, err
	}
	defer func() {
		// The library trusts what stands in a workbook; a crooked one is no reason to end.
		if r := recover(); r != nil {
			t, err = nil, errDamaged
		}
	}()
	book, err := excelize.OpenReader(io.NewSectionReader(file, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: inMemory,
	})
	if err != nil {
		return nil, errDamaged
	}
	t = &workbookTable{book: book}
	if err := t.findHeader(); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

var errDamaged = errors.New("is a damaged workbook: open it in a spreadsheet program and save it again, or save the sheet as CSV")

// checkParts looks at the parts before anything is kept of them. What an archive says about sizes is checked too.
func checkParts(file io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return errDamaged
	}
	if len(archive.File) > maxParts {
		return fmt.Errorf("is a workbook of more than %d parts: save the sheet as CSV", maxParts)
	}
	if !slices.ContainsFunc(archive.File, func(f *zip.File) bool { return strings.HasPrefix(strings.ToLower(f.Name), "xl/") }) {
		return errors.New("is an archive, but no workbook (.xlsx): unpack it and import the table in it")
	}
	var all, attached uint64
	for _, part := range archive.File {
		unpacked := part.UncompressedSize64
		if unpacked > maxUnpacked || unpacked > smallPart && unpacked/max(part.CompressedSize64, 1) > maxRatio {
			return fmt.Errorf("is a workbook whose part %q unpacks to %d MiB from %d KiB: that is no table; save the sheet as CSV",
				part.Name, unpacked>>20, part.CompressedSize64>>10)
		}
		cells := isCells(part.Name)
		if all += unpacked; !cells {
			attached += unpacked
		}
		if all > maxUnpacked || attached > maxAttached {
			return fmt.Errorf("is a workbook that unpacks to more than %d MiB, or %d MiB beside its cells: save the sheet as CSV",
				maxUnpacked>>20, maxAttached>>20)
		}
		if cells {
			if err := checkCells(part); err != nil {
				return err
			}
		}
	}
	return nil
}

func isCells(part string) bool {
	name := strings.ToLower(strings.ReplaceAll(part, `\`, "/"))
	return strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml"
}

// checkCells unpacks a part once to see that it is whole: the library takes the first fault for the end of the table.
func checkCells(part *zip.File) error {
	in, err := part.Open()
	if err != nil {
		return errDamaged
	}
	defer in.Close()
	buffer := make([]byte, 1<<16)
	var end []byte
	for {
		n, err := in.Read(buffer)
		if bytes.ContainsFunc(buffer[:n], func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' }) {
			return errDamaged
		}
		end = append(end, buffer[:n]...)
		end = end[max(0, len(end)-256):]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errDamaged
		}
	}
	if end = bytes.TrimSpace(end); !bytes.HasSuffix(end, []byte(">")) {
		return errDamaged
	}
	return nil
}

// findHeader takes the first row with two cells or more of the first sheet that has one; in a sheet of one column the
// first row that is not empty.
func (t *workbookTable) findHeader() error {
	for _, sheet := range t.book.GetSheetList() {
		for _, least := range []int{2, 1} {
			rows, err := t.book.Rows(sheet)
			if err != nil {
				break // a chart has no rows
			}
			t.rows, t.number = rows, 0
			for range headerSearch {
				cells, err := t.cells()
				if err != nil {
					break
				}
				if filled(cells) >= least {
					t.header = trimmed(cells)
					return nil
				}
			}
			if err := rows.Close(); err != nil {
				return errDamaged
			}
			t.rows = nil
		}
	}
	return errors.New("is a workbook without a table: no sheet has a row of column names")
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

func trimmed(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.TrimSpace(c)
	}
	return out
}

// cells gives the next row, io.EOF after the last.
func (t *workbookTable) cells() (cells []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			cells, err = nil, errDamaged
		}
	}()
	if !t.rows.Next() {
		if t.rows.Error() != nil {
			return nil, errDamaged
		}
		return nil, io.EOF
	}
	t.number++
	if cells, err = t.rows.Columns(); err != nil {
		return nil, errDamaged
	}
	return cells, nil
}

func (t *workbookTable) columns() []string { return t.header }

func (t *workbookTable) next() (record, error) {
	for {
		cells, err := t.cells()
		if err != nil {
			return record{}, err
		}
		if filled(cells) == 0 {
			continue
		}
		return t.record(cells), nil
	}
}

func (t *workbookTable) record(cells []string) record {
	row := record{number: t.number, values: make(map[string]string, len(t.header))}
	for i, c := range cells {
		if i < len(t.header) {
			row.values[t.header[i]] = c
		} else if strings.TrimSpace(c) != "" {
			column, _ := excelize.ColumnNumberToName(i + 1)
			row.reject = rejected(ingest.ClassInvalidValue, "row", fmt.Sprintf("has a value in column %s, which has no name in the header", column))
			return row
		}
	}
	row.text = []byte(strings.Join(cells[:min(len(cells), len(t.header))], "\x1f"))
	return row
}

func (t *workbookTable) close() error {
	var err error
	if t.rows != nil {
		err = t.rows.Close()
	}
	if err = errors.Join(err, t.book.Close()); err != nil {
		return fmt.Errorf("close workbook: %w", err)
	}
	return nil
}
