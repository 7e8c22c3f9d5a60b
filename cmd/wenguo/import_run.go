package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

// A batch goes to the bus when it has this many messages or bytes.
const (
	importBatch = 2000
	importBytes = 4 << 20
)

// shownRejects is how many refused rows the summary lists.
const shownRejects = 20

// bus is what import writes to.
type bus interface {
	// Produce returns when all messages are acknowledged.
	Produce(ctx context.Context, messages []ingest.Message) error
	// Visible returns when the facts cover everything that was produced before the call.
	Visible(ctx context.Context) error
}

// importSummary is what import says at the end, and prints as JSON when asked.
type importSummary struct {
	File     string         `json:"file"`
	Rows     int            `json:"rows"`
	Accepted int            `json:"accepted"`
	Events   int            `json:"events"`
	Rejected int            `json:"rejected"`
	Rejects  []importReject `json:"rejects,omitempty"`
	Seconds  float64        `json:"seconds"`
	// DryRun says that nothing was sent; Sample are the first events then, and Rejects are all.
	DryRun bool          `json:"dry_run,omitempty"`
	Sample []importEvent `json:"sample,omitempty"`
}

type importReject struct {
	Row    int          `json:"row"`
	Field  string       `json:"field"`
	Class  ingest.Class `json:"class"`
	Reason string       `json:"reason"`
}

// importer moves one file onto the bus.
type importer struct {
	reader  *tabular.Reader
	bus     bus
	bar     *progressbar.ProgressBar
	rejects *csv.Writer
	summary importSummary
	batch   []ingest.Message
	bytes   int
	// dry sends nothing, shows the first events and lists every refused row.
	dry bool
}

func newImporter(path string, r *tabular.Reader, to bus, progress io.Writer) *importer {
	return &importer{
		reader: r, bus: to, summary: importSummary{File: filepath.Base(path)},
		bar: progressbar.NewOptions64(max(r.Size(), 1), progressbar.OptionSetWriter(progress), progressbar.OptionShowBytes(true),
			progressbar.OptionSetDescription("导入 import"), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish()),
	}
}

// run sends all rows and waits until the facts show them. Rows that were accepted stay accepted whatever comes after.
func (i *importer) run(ctx context.Context) error {
	i.summary.DryRun = i.dry
	for row := range i.reader.Rows() {
		i.summary.Rows++
		if row.Reject != nil {
			if err := i.reject(row); err != nil {
				return err
			}
			continue
		}
		i.summary.Accepted++
		if i.dry {
			i.show(row)
		}
		if err := i.add(ctx, row.Messages); err != nil {
			return err
		}
	}
	if err := i.flush(ctx); err != nil {
		return err
	}
	i.bar.Describe("等待入库 waiting for facts")
	if err := i.bus.Visible(ctx); err != nil {
		return fmt.Errorf("all rows are on the bus, but not visible yet: %w", err)
	}
	_ = i.bar.Finish() // only the terminal
	if err := i.reader.Err(); err != nil {
		return fmt.Errorf("the file ends early after row %d: %w", i.summary.Rows, err)
	}
	if i.summary.Accepted == 0 {
		return errors.New("no row was accepted")
	}
	return nil
}

func (i *importer) reject(row tabular.Row) error {
	r := importReject{Row: row.Number, Field: row.Reject.Field, Class: row.Reject.Class, Reason: row.Reject.Reason}
	i.summary.Rejected++
	if i.dry || len(i.summary.Rejects) < shownRejects {
		i.summary.Rejects = append(i.summary.Rejects, r)
	}
	if i.rejects == nil {
		return nil
	}
	if err := i.rejects.Write([]string{strconv.Itoa(r.Row), r.Field, string(r.Class), r.Reason}); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

func (i *importer) add(ctx context.Context, messages []ingest.Message) error {
	for _, m := range messages {
		i.batch, i.bytes = append(i.batch, m), i.bytes+len(m.Value)
	}
	if len(i.batch) >= importBatch || i.bytes >= importBytes {
		return i.flush(ctx)
	}
	return nil
}

func (i *importer) flush(ctx context.Context) error {
	if len(i.batch) > 0 {
		if err := i.bus.Produce(ctx, i.batch); err != nil {
			return fmt.Errorf("import stopped after %d events; import the file again, nothing is counted twice: %w", i.summary.Events, err)
		}
		i.summary.Events += len(i.batch)
		i.batch, i.bytes = i.batch[:0], 0
	}
	_ = i.bar.Set64(min(i.reader.Offset(), i.reader.Size())) // only the terminal
	return nil
}

// showMapping prints a guessed mapping as the file that would say the same.
func showMapping(r *tabular.Reader, out io.Writer) {
	if !r.Guessed() {
		return
	}
	_, _ = fmt.Fprintf(out, "按表头推测的映射（存成文件修改后可用 --mapping 指定）guessed mapping:\n\n%s\n", r.Mapping().YAML())
	if unused := r.Unused(); len(unused) > 0 {
		_, _ = fmt.Fprintf(out, "未使用的列 unused columns: %s\n", strings.Join(unused, ", "))
	}
}

func (s importSummary) print(out io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(s); err != nil {
			return fmt.Errorf("print summary: %w", err)
		}
		return nil
	}
	var text strings.Builder
	if s.DryRun {
		s.printDry(&text)
		if _, err := io.WriteString(out, text.String()); err != nil {
			return fmt.Errorf("print summary: %w", err)
		}
		return nil
	}
	fmt.Fprintf(&text, "%s：共 %d 行，接受 %d 行（%d 个事件），拒绝 %d 行，用时 %.1f 秒\n", s.File, s.Rows, s.Accepted, s.Events, s.Rejected, s.Seconds)
	for _, r := range s.Rejects {
		fmt.Fprintf(&text, "  第 %d 行  %s\n", r.Row, fault(&ingest.Error{Class: r.Class, Field: r.Field, Reason: r.Reason}))
	}
	if more := s.Rejected - len(s.Rejects); more > 0 {
		fmt.Fprintf(&text, "  另有 %d 行被拒绝，用 --rejects FILE 可全部写出\n", more)
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("print summary: %w", err)
	}
	return nil
}

// rejectsFile opens the list of refused rows; close it with the function it gives.
func rejectsFile(path string) (*csv.Writer, func() error, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("rejects file: %w", err)
	}
	w := csv.NewWriter(file)
	if err := w.Write([]string{"row", "field", "class", "reason"}); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("rejects file: %w", err), file.Close())
	}
	return w, func() error {
		w.Flush()
		return errors.Join(w.Error(), file.Close())
	}, nil
}
