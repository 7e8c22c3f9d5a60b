package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wenguo/transform/sla"
)

// deadline is what `deadline --json` prints.
type deadline struct {
	Due           time.Time     `json:"due"`
	TargetSeconds float64       `json:"target_seconds"`
	Segments      []sla.Segment `json:"segments"`
	// Calendar is the name of the one the target counts in; Rule is default or outage.
	Calendar string `json:"calendar"`
	Rule     string `json:"rule"`
	// Provisional says that the deadline crosses a year whose public holidays are not known yet.
	Provisional bool `json:"provisional,omitempty"`
	// Paused says that a pause is still open: the deadline is what it would be if it ended now.
	Paused bool `json:"paused,omitempty"`
}

type deadlineFlags struct {
	stage, at, policy, asOf string
	values                  sla.Values
	pauses                  []string
	json                    bool
}

func newDeadline() *cobra.Command {
	var f deadlineFlags
	cmd := &cobra.Command{
		Use:   "deadline --stage STAGE --at INSTANT",
		Short: "Explain when a stage is due: the target, the calendar, the pauses",
		Args:  cobra.NoArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.stage, "stage", "", "acknowledge, dispatch, confirm, plan, resolve, survey, redo, assist or sync")
	flags.StringVar(&f.at, "at", "", "instant at which the clock starts")
	flags.StringVar(&f.policy, "policy", "", "policy file; default the shipped policy")
	flags.StringVar(&f.values.Priority, "priority", "", "priority of the complaint")
	flags.StringVar(&f.values.Category, "category", "", "category of the complaint")
	flags.StringVar(&f.values.Channel, "channel", "", "channel of the complaint")
	flags.StringVar(&f.values.Tier, "tier", "", "tier of the customer")
	flags.StringVar(&f.values.Product, "product", "", "product of the complaint")
	flags.StringVar(&f.values.Department, "department", "", "department that holds the complaint")
	flags.StringArrayVar(&f.pauses, "pause", nil, "FROM/TO, repeatable and in order; FROM/ is still open")
	flags.StringVar(&f.asOf, "as-of", "", "instant at which an open pause is looked at; default now")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		_, policy, err := policyText(f.policy)
		if err != nil {
			return err
		}
		d, err := f.explain(policy, time.Now().Truncate(time.Millisecond))
		if err != nil {
			return usageError{err}
		}
		if p := f.values.Priority; p != "" && !slices.Contains(sla.Priorities(), p) {
			cmd.PrintErrf("priority %q is not one of %s: it counts as normal\n", p, strings.Join(sla.Priorities(), ", "))
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), d)
		}
		return d.print(cmd.OutOrStdout())
	}
	return cmd
}

// explain computes the deadline; what it refuses is a mistake of the caller.
func (f deadlineFlags) explain(p *sla.Policy, now time.Time) (deadline, error) {
	at, err := readInstant("at", f.at, p.Zone)
	if err != nil {
		return deadline{}, err
	}
	target, ok := p.Target(sla.Stage(f.stage), f.values)
	if !ok {
		return deadline{}, fmt.Errorf("--stage %q has no target in the policy; %s", f.stage, sla.StageMeant(f.stage))
	}
	if f.asOf != "" {
		if now, err = readInstant("as-of", f.asOf, p.Zone); err != nil {
			return deadline{}, err
		}
	}
	run := sla.Run{Target: target, Round: 1, Started: at}
	if run.Pauses, err = f.readPauses(p.Zone, now); err != nil {
		return deadline{}, err
	}
	clock := run.Clock()
	due := clock.DueAt(now, target.Calendar)
	seen := due
	if clock.Frozen {
		seen = now
	}
	d := deadline{
		Due: due.In(p.Zone), TargetSeconds: target.Duration.Seconds(), Calendar: target.Calendar.Name(), Rule: target.Rule,
		Provisional: target.Calendar.Provisional(at, due), Paused: clock.Frozen,
		Segments: clock.Segments(seen, target.Calendar, run.Pauses),
	}
	for i := range d.Segments {
		d.Segments[i].From, d.Segments[i].To = d.Segments[i].From.In(p.Zone), d.Segments[i].To.In(p.Zone)
	}
	return d, nil
}

// readPauses reads the pauses of the command line; only the last may be open, and one that begins after now is not known.
func (f deadlineFlags) readPauses(zone *time.Location, now time.Time) ([]sla.Interval, error) {
	var out []sla.Interval
	for i, s := range f.pauses {
		from, to, both := strings.Cut(s, "/")
		if !both {
			return nil, fmt.Errorf("--pause %q is not FROM/TO; FROM/ is a pause that is still open", s)
		}
		var pause sla.Interval
		var err error
		if pause.From, err = readInstant("pause", from, zone); err != nil {
			return nil, err
		}
		if n := len(out); n > 0 && pause.From.Before(out[n-1].To) {
			return nil, fmt.Errorf("--pause %q begins before the pause before it ended", s)
		}
		if to == "" {
			if i < len(f.pauses)-1 {
				return nil, fmt.Errorf("--pause %q is still open: only the last one can be", s)
			}
			if pause.From.After(now) {
				return nil, fmt.Errorf("--pause %q begins after %s, at which it is looked at: give --as-of", s, now.In(zone).Format(time.RFC3339))
			}
			return append(out, pause), nil
		}
		if pause.To, err = readInstant("pause", to, zone); err != nil {
			return nil, err
		}
		if !pause.From.Before(pause.To) {
			return nil, fmt.Errorf("--pause %q ends before it begins", s)
		}
		out = append(out, pause)
	}
	return out, nil
}

func (d deadline) print(out io.Writer) error {
	var b strings.Builder
	const layout = "2006-01-02 Mon 15:04:05.999"
	for _, s := range d.Segments {
		fmt.Fprintf(&b, "%-27s  %-27s  %-9s  %s\n", s.From.Format(layout), s.To.Format(layout), s.State, s.To.Sub(s.From))
	}
	fmt.Fprintf(&b, "due %s: %s of %s\n", d.Due.Format(time.RFC3339Nano), time.Duration(d.TargetSeconds*float64(time.Second)), d.Calendar)
	if d.Paused {
		b.WriteString("paused: a pause is still open, so this is the deadline if it ended now\n")
	}
	if d.Provisional {
		b.WriteString("provisional: the public holidays of a year it crosses are not known yet\n")
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
