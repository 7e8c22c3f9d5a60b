package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"wenguo/transform/kpi"
)

func newKPI() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "kpi --from DATE --to DATE [ID…]",
		Short: "Print key figures of a period, as of any instant, for any slice",
		Long: "Print key figures of the period [from, to), all of them without an id.\n" +
			"A date is its midnight in the organisation's zone; an instant is RFC 3339.",
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	from := cmd.Flags().String("from", "", "beginning of the period")
	to := cmd.Flags().String("to", "", "end of the period, exclusive")
	asOf := cmd.Flags().String("as-of", "", "instant the figures are computed at; default now")
	slice := cmd.Flags().StringArray("slice", nil, "dimension=value, repeatable; dimension= is the absent value")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
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
		q, err := readQuery(*from, *to, *asOf, *slice, now, zone)
		if err != nil {
			return usageError{err}
		}
		for _, id := range ids {
			if _, known := kpi.Lookup(id); !known {
				return usageError{fmt.Errorf("no key figure %q; there are %s", id, strings.Join(kpi.IDs(), ", "))}
			}
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		store.UseRules(rules)
		result, err := store.KPIs(cmd.Context(), q, ids...)
		if err != nil {
			return fmt.Errorf("key figures: %w", err)
		}
		result.From, result.To, result.AsOf = q.From.In(zone), q.To.In(zone), q.AsOf.In(zone)
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), result)
		}
		return printFigures(cmd.OutOrStdout(), result)
	}
	return cmd
}

// readQuery reads the period, the instant and the slice of the command line.
func readQuery(from, to, asOf string, slice []string, now time.Time, zone *time.Location) (kpi.Query, error) {
	q := kpi.Query{AsOf: now.Truncate(time.Millisecond), Slice: kpi.Slice{}}
	var err error
	if q.From, err = readInstant("from", from, zone); err != nil {
		return q, err
	}
	if q.To, err = readInstant("to", to, zone); err != nil {
		return q, err
	}
	if !q.From.Before(q.To) {
		return q, errors.New("--to must lie after --from; it is exclusive")
	}
	if asOf != "" {
		if q.AsOf, err = readInstant("as-of", asOf, zone); err != nil {
			return q, err
		}
	}
	known := []kpi.Dimension{
		kpi.Category, kpi.Priority, kpi.Channel, kpi.Department, kpi.Owner, kpi.Region, kpi.Tier, kpi.Product,
		kpi.Level, kpi.CauseGroup, kpi.Issue,
	}
	for _, s := range slice {
		name, value, ok := strings.Cut(s, "=")
		d := kpi.Dimension(name)
		if !ok || !slices.Contains(known, d) {
			return q, fmt.Errorf("--slice %q is not dimension=value with one of %v", s, known)
		}
		q.Slice[d] = append(q.Slice[d], value)
	}
	return q, nil
}

// readInstant reads a bare date as its midnight in the zone, or an RFC 3339 instant, to the millisecond.
func readInstant(flag, s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, fmt.Errorf("--%s is missing: give a date like 2026-11-01 or an instant like 2026-11-01T09:00:00+08:00", flag)
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("--%s %q is neither a date like 2026-11-01 nor an instant like 2026-11-01T09:00:00+08:00", flag, s)
	}
	return time.UnixMilli(t.UnixMilli()).UTC(), nil
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func printFigures(out io.Writer, r kpi.Result) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "id\t名称\tvalue\t95 % interval\tn\tpending\tstate")
	for _, e := range kpi.Catalogue {
		v, known := r.KPIs[e.ID]
		if !known {
			continue
		}
		value, interval := "–", ""
		if v.Value != nil {
			value = writeFigure(e.Unit, *v.Value)
		}
		if v.Interval != nil {
			interval = writeFigure(e.Unit, v.Interval[0]) + " … " + writeFigure(e.Unit, v.Interval[1])
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", e.ID, e.Name, value, interval, v.N, v.Pending, v.State)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func writeFigure(unit kpi.Unit, v float64) string {
	switch unit {
	case kpi.UnitRate:
		return strconv.FormatFloat(100*v, 'f', 2, 64) + " %"
	case kpi.UnitDuration:
		return time.Duration(v * float64(time.Second)).Round(time.Second).String()
	default:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
}
