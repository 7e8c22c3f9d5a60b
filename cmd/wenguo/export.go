package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/warehouse"
)

func newExport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export --out FILE",
		Short: "Write every stored event as NDJSON, ready to be imported elsewhere",
		Args:  cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	path := cmd.Flags().String("out", "", "file to write")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if *path == "" {
			return usageError{errors.New("--out is missing: name the file to write")}
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		// Unmasked personal data: readable by its owner alone.
		file, err := os.OpenFile(*path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		buffer := bufio.NewWriterSize(file, 1<<20)
		n := 0
		err = store.Export(cmd.Context(), ingest.TopicEvents, func(e warehouse.Exported) error {
			n++
			return writeExported(buffer, e)
		})
		if err := errors.Join(err, buffer.Flush(), file.Sync(), file.Close()); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		cmd.PrintErrf("%d events written to %s; they hold unmasked personal data\n", n, *path)
		return nil
	}
	return cmd
}

// writeExported writes one line: the event as it came, with the bus time in front, where import looks for it.
func writeExported(w io.Writer, e warehouse.Exported) error {
	raw := bytes.TrimSpace([]byte(e.Raw))
	if bytes.ContainsAny(raw, "\n\r") { // an event may have been sent indented
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\n"), []byte(" ")), []byte("\r"), []byte(" "))
	}
	var err error
	if e.BusTime.IsZero() || len(raw) == 0 || raw[0] != '{' {
		_, err = fmt.Fprintf(w, "%s\n", raw)
	} else {
		_, err = fmt.Fprintf(w, "{\"bus_time\":%q,%s\n", e.BusTime.UTC().Format(time.RFC3339Nano), raw[1:])
	}
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
