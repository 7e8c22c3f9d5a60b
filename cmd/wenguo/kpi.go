package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wenguo/transform/kpi"
	"wenguo/warehouse"
)

// kpiFlags are what `kpi` was asked.
type kpiFlags struct {
	from, to, asOf string
	slice          []string
	by             string
	compare        bool
	list, json     bool
}

func newKPI() *cobra.Command {
	var f kpiFlags
	cmd := &cobra.Command{
		Use:   "kpi --from DATE --to DATE [ID…]",
		Short: "Print key figures of a period, as of any instant, for any slice",
		Long: "Print key figures of the period [from, to), all of them without an id.\n" +
			"A date is its midnight in the organisation's zone; an instant is RFC 3339.\n" +
			"With --list print what the figures are: formula, target, edge rules.",
	}
	flags := cmd.Flags()
	load := configFlags(flags, "clickhouse")
	flags.StringVar(&f.from, "from", "", "beginning of the period")
	flags.StringVar(&f.to, "to", "", "end of the period, exclusive")
	flags.StringVar(&f.asOf, "as-of", "", "instant the figures are computed at; default now")
	flags.StringArrayVar(&f.slice, "slice", nil, "dimension=value, repeatable; dimension= is the absent value")
	flags.StringVar(&f.by, "by", "", "dimension whose values are answered apart as well")
	flags.BoolVar(&f.compare, "compare", false, "compare with the previous period, the same period last year and the baseline")
	flags.BoolVar(&f.list, "list", false, "print the catalogue instead of figures")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		for _, id := range ids {
			if _, known := kpi.Lookup(id); !known {
				return usageError{fmt.Errorf("no key figure %q; there are %s", id, strings.Join(kpi.IDs(), ", "))}
			}
		}
		if f.list {
			return printCatalogue(cmd.OutOrStdout(), ids, f.json)
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
		q, err := readQuery(f.from, f.to, f.asOf, f.slice, now, zone)
		if err == nil {
			err = knownDimension(f.by)
		}
		if err != nil {
			return usageError{err}
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		store.UseRules(rules)
		answer, err := f.ask(cmd.Context(), store, q, zone, ids)
		if err != nil {
			return fmt.Errorf("key figures: %w", err)
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), answer.json())
		}
		return answer.print(cmd.OutOrStdout())
	}
	return cmd
}

// figures are what `kpi` answers.
type figures struct {
	kpi.Result

	compared map[string]kpi.Compared
	by       map[string]map[string]kpi.Value
}

// ask asks the store for the figures of the period and for what stands beside them.
func (f kpiFlags) ask(ctx context.Context, store *warehouse.Store, q kpi.Query, zone *time.Location, ids []string) (figures, error) {
	result, err := store.KPIs(ctx, q, ids...)
	if err != nil {
		return figures{}, err
	}
	result.From, result.To, result.AsOf = q.From.In(zone), q.To.In(zone), q.AsOf.In(zone)
	answer := figures{Result: result}
	if f.compare {
		baseFrom, baseTo := store.Baseline()
		periods := q.Period().References(kpi.Period{From: baseFrom, To: baseTo}, zone)
		then := map[kpi.Reference]map[string]kpi.Value{}
		for reference, period := range periods {
			earlier, err := store.KPIs(ctx, q.In(period), ids...)
			if err != nil {
				return figures{}, err
			}
			then[reference] = earlier.KPIs
		}
		answer.compared = kpi.CompareAll(result.KPIs, periods, then)
	}
	if f.by != "" {
		if answer.by, err = store.KPIsBy(ctx, q, kpi.Dimension(f.by), ids...); err != nil {
			return figures{}, err
		}
	}
	return answer, nil
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
	for _, s := range slice {
		name, value, ok := strings.Cut(s, "=")
		if !ok || !slices.Contains(kpi.Dimensions, kpi.Dimension(name)) {
			return q, fmt.Errorf("--slice %q is not dimension=value with one of %v", s, kpi.Dimensions)
		}
		q.Slice[kpi.Dimension(name)] = append(q.Slice[kpi.Dimension(name)], value)
	}
	return q, nil
}

// knownDimension refuses a dimension that nothing is sliced by; none is no mistake.
func knownDimension(by string) error {
	if by != "" && !slices.Contains(kpi.Dimensions, kpi.Dimension(by)) {
		return fmt.Errorf("--by %q is none of %v", by, kpi.Dimensions)
	}
	return nil
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
