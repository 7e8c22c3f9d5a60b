package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/ingest/tabular"
	"wenguo/warehouse"
)

type importFlags struct {
	mapping, rejects string
	zone, dates      string
	asJSON, dryRun   bool
}

func newImport() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Send a file of complaints to the running wenguo: NDJSON events, CSV, XLSX, JSON lines or a JSON array",
		Long: `Sends a file to the wenguo that runs on --data and returns when its complaints are visible.
NDJSON events go as they are; a line may carry bus_time. Rows of a table become events through a mapping from columns to
fields (YAML); without --mapping it is guessed from the header and shown. Importing a file again changes nothing.
--dry-run needs no running wenguo: it shows the first 20 events and every refused row, and sends nothing.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("import takes one FILE")}
			}
			return nil
		},
	}
	load := configFlags(cmd.Flags())
	cmd.Flags().StringVar(&f.mapping, "mapping", "", "file that says what the columns mean (YAML)")
	cmd.Flags().StringVar(&f.rejects, "rejects", "", "file for all refused rows (CSV)")
	cmd.Flags().StringVar(&f.zone, "zone", "", "zone of times without an offset (IANA name), over what the mapping says; Asia/Shanghai when neither does")
	cmd.Flags().StringVar(&f.dates, "dates", "", "dmy or mdy: order of day and month where the year comes last, over what the mapping says")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "send nothing: show the first 20 events and every refused row")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print the summary as JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return runImport(cmd, args[0], f, cfg)
	}
	return cmd
}

func runImport(cmd *cobra.Command, path string, f importFlags, cfg config) (err error) {
	mapping, err := f.settle()
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	started := time.Now()
	reader, err := tabular.Open(path, mapping)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	reader.NotAfter = started.Add(ingest.MaxAhead)
	showMapping(reader, cmd.ErrOrStderr())
	var to destination = nowhere{}
	if !f.dryRun {
		if to, err = openBus(cmd.Context(), cfg); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	defer func() { err = errors.Join(err, to.close()) }()
	i := newImporter(path, reader, to, cmd.ErrOrStderr())
	i.dry = f.dryRun
	if f.rejects != "" {
		var done func() error
		if i.rejects, done, err = rejectsFile(f.rejects); err != nil {
			return fmt.Errorf("import: %w", err)
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	failed := i.run(cmd.Context())
	i.summary.Seconds = time.Since(started).Seconds()
	if err := i.summary.print(cmd.OutOrStdout(), f.asJSON); err != nil {
		return errors.Join(failed, err)
	}
	if failed != nil {
		return fmt.Errorf("import: %w", failed)
	}
	return nil
}

// settle reads the mapping and what the flags say over it; nil leaves everything to the guess.
func (f importFlags) settle() (*tabular.Mapping, error) {
	var mapping *tabular.Mapping
	if f.mapping != "" {
		var err error
		if mapping, err = tabular.LoadMapping(f.mapping); err != nil {
			return nil, fmt.Errorf("read --mapping: %w", err)
		}
	}
	if mapping == nil && f.zone+f.dates != "" {
		mapping = &tabular.Mapping{}
	}
	if f.zone != "" {
		mapping.Zone = f.zone
	}
	if f.dates != "" {
		mapping.Dates = f.dates
	}
	return mapping, nil
}

// destination is a bus that has to be closed.
type destination interface {
	bus
	close() error
}

// runningBus is the bus and the warehouse of the wenguo that runs on a folder.
type runningBus struct {
	*kafka.Producer
	cfg   kafka.Config
	store *warehouse.Store
}

func openBus(ctx context.Context, cfg config) (*runningBus, error) {
	running, err := findInstance(ctx, cfg.Data)
	if errors.Is(err, errNotRunning) {
		return nil, fmt.Errorf("no wenguo runs on %s: start one with `wenguo up --data %s`, then import", cfg.Data, cfg.Data)
	}
	if err != nil {
		return nil, err
	}
	settings := cfg.Kafka
	settings.Brokers = running.Kafka
	store, err := running.open(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, fmt.Errorf("open warehouse: %w", err)
	}
	return &runningBus{Producer: kafka.NewProducer(settings, settings.Topic), cfg: settings, store: store}, nil
}

// Visible waits for facts up to the ends that the partitions have now.
func (b *runningBus) Visible(ctx context.Context) error {
	ends, err := kafka.EndOffsets(ctx, b.cfg, b.cfg.Topic)
	if err != nil {
		return fmt.Errorf("find the end of the topic: %w", err)
	}
	if err := b.store.WaitForFacts(ctx, ends); err != nil {
		return fmt.Errorf("wait for facts: %w", err)
	}
	return nil
}

func (b *runningBus) close() error { return errors.Join(b.Producer.Close(), b.store.Close()) }
