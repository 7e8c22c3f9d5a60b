package main

import (
	"fmt"
	"io"
	"os"
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
	// Provisional says that the deadline crosses a year whose public holidays are not known yet.
	Provisional bool   `json:"provisional,omitempty"`
	calendar    string // its name
}

type deadlineFlags struct {
	stage, at, policy string
	values            sla.Values
	pauses            []string
	json              bool
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
	flags.StringArrayVar(&f.pauses, "pause", nil, "FROM/TO, repeatable and in order")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		content := sla.DefaultPolicy()
		if f.policy != "" {
			var err error
			if content, err = os.ReadFile(f.policy); err != nil {
				return fmt.Errorf("read policy: %w", err)
			}
		}
		policy, err := sla.ParsePolicy(content)
		if err != nil {
			return fmt.Errorf("deadline: %w", err)
		}
		d, err := f.explain(policy)
		if err != nil {
			return usageError{err}
		}
		if f.json {
			return printJSON(cmd.OutOrStdout(), d)
		}
		return d.print(cmd.OutOrStdout())
	}
	return cmd
}

// explain computes the deadline; what it refuses is a mistake of the caller.
func (f deadlineFlags) explain(p *sla.Policy) (deadline, error) {
	at, err := readInstant("at", f.at, p.Zone)
	if err != nil {
		return deadline{}, err
	}
	target, ok := p.Target(sla.Stage(f.stage), f.values)
	if !ok {
		return deadline{}, fmt.Errorf("--stage %q has no target in the policy", f.stage)
	}
	run := sla.Run{Target: target, Round: 1, Started: at}
	for _, s := range f.pauses {
		from, to, _ := strings.Cut(s, "/")
		pause := sla.Interval{}
		if pause.From, err = readInstant("pause", from, p.Zone); err != nil {
			return deadline{}, err
		}
		if pause.To, err = readInstant("pause", to, p.Zone); err != nil {
			return deadline{}, err
		}
		if n := len(run.Pauses); !pause.From.Before(pause.To) || n > 0 && pause.From.Before(run.Pauses[n-1].To) {
			return deadline{}, fmt.Errorf("--pause %q ends before it begins, or begins before the pause before it ended", s)
		}
		run.Pauses = append(run.Pauses, pause)
	}
	clock := run.Clock()
	d := deadline{
		Due: clock.Due.In(p.Zone), TargetSeconds: target.Duration.Seconds(), Provisional: clock.Provisional,
		Segments: clock.Segments(clock.Due, target.Calendar, run.Pauses), calendar: target.Calendar.Name(),
	}
	for i := range d.Segments {
		d.Segments[i].From, d.Segments[i].To = d.Segments[i].From.In(p.Zone), d.Segments[i].To.In(p.Zone)
	}
	return d, nil
}

func (d deadline) print(out io.Writer) error {
	var b strings.Builder
	const layout = "2006-01-02 Mon 15:04:05.999"
	for _, s := range d.Segments {
		fmt.Fprintf(&b, "%-27s  %-27s  %-9s  %s\n", s.From.Format(layout), s.To.Format(layout), s.State, s.To.Sub(s.From))
	}
	fmt.Fprintf(&b, "due %s: %s of %s\n", d.Due.Format(time.RFC3339Nano), time.Duration(d.TargetSeconds*float64(time.Second)), d.calendar)
	if d.Provisional {
		b.WriteString("provisional: the public holidays of a year it crosses are not known yet\n")
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
