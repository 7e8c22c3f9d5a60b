package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

// policyDiff is what `policy diff --json` prints.
type policyDiff struct {
	Old  string    `json:"old"`
	New  string    `json:"new"`
	AsOf time.Time `json:"as_of"`
	sla.Totals
	Groups []sla.Group `json:"groups"`
}

func newPolicyDiff() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "List the clocks of the stored history that would change under another policy",
		Long: "Fold the stored history under both policies, as if each had always been in force, and list the clocks that differ.\n" +
			"OLD and NEW are files, or " + policyShipped + " for the shipped policy, or " + policyCurrent + " for the one in force. Nothing is written.",
		Args: arguments(2, "policy diff needs two policies: OLD NEW"),
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	asOf := cmd.Flags().String("as-of", "", "instant at which the clocks are read; default now")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		policies := make([]*sla.Policy, 0, len(args))
		for _, name := range args {
			p, err := choosePolicy(cfg, name)
			if err != nil {
				return err
			}
			policies = append(policies, p)
		}
		zone := policies[1].Zone
		at := time.Now().Truncate(time.Millisecond)
		if *asOf != "" {
			if at, err = readInstant("as-of", *asOf, zone); err != nil {
				return usageError{err}
			}
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(cmd.ErrOrStderr()),
			progressbar.OptionSetDescription("fold"), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		before, after := throughout(policies[0]), throughout(policies[1])
		c := sla.Compare(policies[0], policies[1], at)
		progress := func(done, total int) {
			bar.ChangeMax(total)
			_ = bar.Set(done)
		}
		err = store.EachComplaint(cmd.Context(), progress, func(id string, events []ingest.Stored) error {
			one, known := transform.FoldAt(events, before, at)
			if known {
				other, _ := transform.FoldAt(events, after, at)
				c.Add(id, one.Clocks, other.Clocks)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("policy diff: %w", err)
		}
		_ = bar.Finish()
		d := policyDiff{Old: args[0], New: args[1], AsOf: at.In(zone)}
		d.Totals, d.Groups = c.Result()
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), d)
		}
		return d.print(cmd.OutOrStdout())
	}
	return cmd
}

// stageNames are the stages' names in Chinese.
var stageNames = map[sla.Stage]string{ //nolint:gochecknoglobals // a constant table
	sla.Acknowledge: "受理", sla.Dispatch: "派单", sla.Confirm: "部门确认", sla.Plan: "方案", sla.Resolve: "办结",
	sla.Survey: "回访", sla.Redo: "二次处置", sla.Assist: "协办", sla.Sync: "归集",
}

// stateNames are the states' names in Chinese; the empty state is a clock that does not run.
var stateNames = map[sla.State]string{ //nolint:gochecknoglobals // a constant table
	sla.Running: "计时中", sla.Paused: "挂起", sla.Met: "按时", sla.Breached: "超时", sla.Cancelled: "已取消",
	sla.NoVerdict: "无结论", "": "无时钟",
}

func (d policyDiff) print(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "截至 %s：投诉 %d 件，时钟 %d 个，其中 %d 个将改变（%s → %s）\n", d.AsOf.Format(time.RFC3339), d.Complaints, d.Clocks, d.Changed, d.Old, d.New)
	if len(d.Groups) > 0 {
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "阶段\t规则\t原时限\t新时限\t改变\t按时→超时\t超时→按时\t到期提前\t到期推迟")
		for _, g := range d.Groups {
			_, _ = fmt.Fprintf(table, "%s %s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n", stageNames[g.Stage], g.Stage, ruleName(g.Rule),
				promiseText(g.Old), promiseText(g.New), g.Changed.Count,
				flips(g, sla.Met, sla.Breached), flips(g, sla.Breached, sla.Met), g.Earlier.Count, g.Later.Count)
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		for _, g := range d.Groups {
			name := fmt.Sprintf("%s %s（%s → %s）", stageNames[g.Stage], ruleName(g.Rule), promiseText(g.Old), promiseText(g.New))
			for _, f := range g.Flips {
				fmt.Fprintf(&b, "%s：%s→%s %d 个，如 %s\n", name, stateNames[f.From], stateNames[f.To], f.Count, strings.Join(f.Examples, "、"))
			}
			for _, e := range []struct {
				name string
				sla.Effect
			}{{"计时中到期提前", g.Earlier}, {"计时中到期推迟", g.Later}} {
				if e.Count > 0 {
					fmt.Fprintf(&b, "%s：%s %d 个，如 %s\n", name, e.name, e.Count, strings.Join(e.Examples, "、"))
				}
			}
		}
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func flips(g sla.Group, from, to sla.State) int {
	for _, f := range g.Flips {
		if f.From == from && f.To == to {
			return f.Count
		}
	}
	return 0
}

func ruleName(rule string) string {
	if rule == sla.RuleOutage {
		return "中断"
	}
	return "常规"
}

// promiseText is a target and its calendar, such as 2h0m0s working-hours.
func promiseText(p *sla.Promise) string {
	if p == nil {
		return "无"
	}
	return strings.TrimSpace(time.Duration(p.TargetSeconds*float64(time.Second)).String() + " " + p.Calendar)
}
