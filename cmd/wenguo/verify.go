package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"wenguo/dashboard/account"
	"wenguo/ingest"
	"wenguo/transform/quality"
	"wenguo/warehouse"
)

// verification is what `verify --json` prints.
type verification struct {
	OK bool `json:"ok"`
	quality.Verification

	// Audit is the audit log of the data folder; missing without accounts.
	Audit *account.Chain `json:"audit,omitempty"`
}

func newVerify() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Prove that every message is stored once, every complaint has its fact and the audit log is whole",
		Args:  cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		var v verification
		if v.Verification, err = store.VerifyAll(cmd.Context(), time.Now); err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		if v.Audit, err = auditOf(cmd.Context(), cfg); err != nil {
			return err
		}
		v.OK = v.Complete() && (v.Audit == nil || v.Audit.Fault == "")
		if err := v.print(cmd.OutOrStdout(), *asJSON); err != nil {
			return err
		}
		if !v.OK {
			return errors.New("the store is not exact, or the audit log is broken; see above")
		}
		return nil
	}
	return cmd
}

// auditOf checks the audit log of the data folder; nil where nobody ever had an account.
func auditOf(ctx context.Context, cfg config) (*account.Chain, error) {
	if _, err := os.Stat(filepath.Join(cfg.Data, account.File)); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	book, err := openBook(ctx, cfg)
	if err != nil {
		return nil, err
	}
	chain, err := book.VerifyAudit(ctx)
	if err := errors.Join(err, book.Close()); err != nil {
		return nil, fmt.Errorf("verify the audit log: %w", err)
	}
	if chain.Entries == 0 && chain.Fault == "" {
		return nil, nil
	}
	return &chain, nil
}

func (v verification) print(out io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		if err := e.Encode(v); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		return nil
	}
	topics := []struct {
		name       string
		partitions []quality.Partition
	}{{ingest.TopicEvents, v.Partitions}, {ingest.TopicDecisions, v.Decisions}}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "topic\tpartition\tfrom\tto\tblocks\tstored\trefused\tduplicates\tunaccounted\t")
	var faults []string
	for _, t := range topics {
		for _, p := range t.partitions {
			_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n",
				t.name, p.Partition, p.From, p.To, p.Blocks, p.Stored, p.Refused, p.Duplicates, p.Unaccounted)
			for _, fault := range p.Faults {
				faults = append(faults, fmt.Sprintf("%s partition %d: %s", t.name, p.Partition, fault))
			}
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	for _, fault := range faults {
		_, _ = fmt.Fprintln(out, fault)
	}
	_, _ = fmt.Fprintf(out, "complaints %d, facts %d, facts behind their events %d\n", v.Facts.Complaints, v.Facts.Facts, v.Facts.Behind)
	_, _ = fmt.Fprintf(out, "months summed up %d, wrong %d, behind their facts %d\n", v.Sums.Months, v.Sums.Wrong, v.Sums.Behind)
	if v.Audit != nil {
		_, _ = fmt.Fprintf(out, "audit log: %d entries follow each other, the last is %s\n", v.Audit.Entries, v.Audit.Head)
		if v.Audit.Fault != "" {
			_, _ = fmt.Fprintln(out, "audit log: "+v.Audit.Fault)
		}
	}
	if v.OK {
		_, _ = fmt.Fprintln(out, "一条不少，一条不重: every message is stored once")
	}
	return nil
}

// registerVerifier shows the background verification to Prometheus.
func registerVerifier(registry *prometheus.Registry, v *warehouse.Verifier) {
	gauge := func(name, help string, value func(quality.Verification) float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			last, known := v.Last()
			if !known {
				return math.NaN()
			}
			return value(last)
		}))
	}
	gauge("wenguo_verify_exact", "Whether every message was in the store once at the last look; NaN before the first.", func(v quality.Verification) float64 {
		if v.Exact() {
			return 1
		}
		return 0
	})
	gauge("wenguo_verify_timestamp_seconds", "When the last look began.", func(v quality.Verification) float64 { return float64(v.At.UnixMilli()) / 1000 })
	gauge("wenguo_verify_duration_seconds", "How long the last look took.", func(v quality.Verification) float64 { return v.Took.Seconds() })
}
