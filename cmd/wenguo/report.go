package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wenguo/dashboard"
	"wenguo/dashboard/report"
	"wenguo/transform/restate"
	"wenguo/warehouse"
)

// reportFlags are what `report` was asked.
type reportFlags struct {
	period, asOf, out, action string
	published, list           bool
}

func newReport() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report NAME --period 2026-10 --out FILE",
		Short: "Write a paper of a month or a quarter as .html, .pdf, .xlsx or .csv",
		Long: "Write a paper of a month (2026-10) or a quarter (2026-Q4). The ending of the file says how: .html, .pdf (by the installed\n" +
			"Chromium), .xlsx, .csv. Names are " + strings.Join(report.Names(), ", ") + "; --list says what they are.\n" +
			"Numbers are as of the 5th after the period, or as of the newest stored event before that; of a published period as of\n" +
			"the instant it was published with. With --published print the figures that were published, as JSON.",
		Args: cobra.MaximumNArgs(1),
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	flags := cmd.Flags()
	flags.StringVar(&f.period, "period", "", "month or quarter")
	flags.StringVar(&f.asOf, "as-of", "", "another instant the numbers are as of")
	flags.StringVar(&f.out, "out", "", "file to write")
	flags.StringVar(&f.action, "action", "", "only this improvement action (capa)")
	flags.BoolVar(&f.published, "published", false, "print what was published of the period")
	flags.BoolVar(&f.list, "list", false, "list the papers")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if f.list {
			for _, p := range report.Papers {
				cmd.Printf("%-12s %s：%s\n", p.Name, p.Title, p.For)
			}
			return nil
		}
		cfg, err := load()
		if err != nil {
			return err
		}
		now := time.Now()
		rules, err := loadRules(cfg, now)
		if err != nil {
			return err
		}
		zone := rules.Current().Zone
		o, format, err := f.order(args, zone)
		if err != nil {
			return usageError{err}
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		store.UseRules(rules)
		if f.published {
			return printPublished(cmd, store, o.Period, zone)
		}
		return f.write(cmd.Context(), store, o, format, zone)
	}
	return cmd
}

// order reads the command line.
func (f reportFlags) order(args []string, zone *time.Location) (report.Order, report.Format, error) {
	var o report.Order
	var err error
	if o.Period, err = report.ParsePeriod(f.period, zone); err != nil {
		return o, "", fmt.Errorf("--period: %w", err)
	}
	if f.published {
		return o, "", nil
	}
	if len(args) == 0 {
		return o, "", fmt.Errorf("name a paper: %s", strings.Join(report.Names(), ", "))
	}
	p, known := report.PaperNamed(args[0])
	if !known {
		return o, "", fmt.Errorf("no paper %q; there are %s", args[0], strings.Join(report.Names(), ", "))
	}
	format := report.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(f.out)), "."))
	if !slices.Contains(p.Formats, format) {
		return o, "", fmt.Errorf("--out %q: %s is written as %v", f.out, p.Name, p.Formats)
	}
	if f.asOf != "" {
		if o.AsOf, err = readInstant("as-of", f.asOf, zone); err != nil {
			return o, "", err
		}
	}
	o.Paper, o.Action = p.Name, f.action
	return o, format, nil
}

// write makes the paper; a file that could not be completed is removed.
func (f reportFlags) write(ctx context.Context, store *warehouse.Store, o report.Order, format report.Format, zone *time.Location) (err error) {
	maker := dashboard.PaperMaker(store, zone)
	if o, err = maker.Settle(ctx, o); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	d, err := maker.Make(ctx, o)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	file, err := os.OpenFile(f.out, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	writer, err := report.NewWriter()
	if err == nil {
		buffer := bufio.NewWriter(file)
		err = errors.Join(writer.Write(ctx, buffer, d, format, report.FindBrowser()), buffer.Flush())
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("report: %w", errors.Join(err, os.Remove(f.out)))
	}
	return nil
}

// printPublished prints every edition of a period as it was published.
func printPublished(cmd *cobra.Command, store *warehouse.Store, p report.Period, zone *time.Location) error {
	all, err := store.Publications(cmd.Context())
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	last, edition, published := restate.Last(all, p.From.Format(time.DateOnly), p.To.Format(time.DateOnly))
	if !published {
		return fmt.Errorf("report: nothing is published of %s", p.Key)
	}
	return printJSON(cmd.OutOrStdout(), map[string]any{
		"period": p.Key, "edition": edition, "published_at": last.At.In(zone), "by": last.By, "as_of": last.AsOf.In(zone),
		"revision": last.Revision, "offsets": last.Offsets, "figures": last.Figures,
	})
}
