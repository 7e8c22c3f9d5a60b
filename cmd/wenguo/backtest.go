package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"wenguo/dashboard/alerts"
	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/backtest"
	"wenguo/transform/sla"
	"wenguo/warehouse"
)

// backtested is what `rules backtest --json` prints.
type backtested struct {
	Policy string `json:"policy"`
	backtest.Report
	// NotReplayed are alerts that leave no trace in the history.
	NotReplayed []string `json:"not_replayed"`
}

func newBacktest() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backtest --from INSTANT [--to INSTANT]",
		Short: "Tell how often each alert would have fired on the stored history, and how often a breach followed",
		Long: "Replay the alerts on what is known now of [from, to). Without --policy the stored clocks are taken; with it the history is folded\n" +
			"under that policy as if it had always been in force, which takes longer. Nothing is written.",
		Args: arguments(0, "rules backtest takes no argument"),
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	from := cmd.Flags().String("from", "", "first instant, or date")
	to := cmd.Flags().String("to", "", "instant, or date, that is not included any more; default now")
	policy := cmd.Flags().String("policy", "", "policy file, or "+policyShipped+"; default the policy in force")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		name := *policy
		if name == "" {
			name = policyCurrent
		}
		p, err := choosePolicy(cfg, name)
		if err != nil {
			return err
		}
		h, err := pastOf(p, *from, *to)
		if err != nil {
			return usageError{err}
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		if *policy == "" {
			rules, err := loadRules(cfg, time.Now())
			if err != nil {
				return err
			}
			store.UseRules(rules)
			if err := store.EachPast(cmd.Context(), h.Since(), h.To(), h.Add); err != nil {
				return fmt.Errorf("rules backtest: %w", err)
			}
		} else if err := foldPast(cmd.Context(), store, p, h, cmd.ErrOrStderr()); err != nil {
			return fmt.Errorf("rules backtest: %w", err)
		}
		b := backtested{Policy: name, Report: h.Run()}
		b.From, b.To = b.From.In(p.Zone), b.To.In(p.Zone)
		for _, alert := range alerts.Names(p) {
			if !slices.ContainsFunc(b.Rules, func(r backtest.Rule) bool { return r.Alert == alert }) {
				b.NotReplayed = append(b.NotReplayed, alert)
			}
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), b)
		}
		return b.print(cmd.OutOrStdout())
	}
	return cmd
}

// pastOf reads the stretch of the command line.
func pastOf(p *sla.Policy, from, to string) (*backtest.History, error) {
	begin, err := readInstant("from", from, p.Zone)
	if err != nil {
		return nil, err
	}
	end := time.Now().Truncate(time.Millisecond)
	if to != "" {
		if end, err = readInstant("to", to, p.Zone); err != nil {
			return nil, err
		}
	}
	if !begin.Before(end) {
		return nil, errors.New("--from must lie before --to")
	}
	return backtest.New(p, begin, end), nil
}

// foldPast folds every complaint under the policy as if it had always been in force.
func foldPast(ctx context.Context, store *warehouse.Store, p *sla.Policy, h *backtest.History, progress io.Writer) error {
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(progress), progressbar.OptionSetDescription("fold"),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	rules := throughout(p)
	err := store.EachComplaint(ctx, func(done, total int) { bar.ChangeMax(total); _ = bar.Set(done) },
		func(_ string, events []ingest.Stored) error {
			if c, known := transform.FoldAt(events, rules, h.To()); known {
				h.Add(c, rules.Calendar)
			}
			return nil
		})
	_ = bar.Finish()
	if err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	return nil
}

func (b backtested) print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s 至 %s：登记 %d 件，到期时钟 %d 个；后七天内的超时算作应验\n",
		b.From.Format("2006-01-02 15:04"), b.To.Format("2006-01-02 15:04"), b.Complaints, b.Clocks)
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "告警\t触发\t应验\t提前（中位）\t提前（P90）\t超时\t没有预警")
	for _, r := range b.Rules {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%d\t%d\n", r.Alert, r.Fired, r.Followed, lead(r.LeadMedian), lead(r.LeadP90), r.Breaches, r.Unwarned)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	fmt.Fprintf(&text, "历史里没有痕迹、无法回放：%s\n", strings.Join(b.NotReplayed, "、"))
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// lead writes seconds as a duration; a dash where nothing followed.
func lead(seconds *float64) string {
	if seconds == nil {
		return "—"
	}
	if *seconds < 60 {
		return strconv.FormatFloat(*seconds, 'f', -1, 64) + "s"
	}
	return time.Duration(*seconds * float64(time.Second)).Round(time.Second).String()
}
