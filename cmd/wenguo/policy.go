package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"wenguo/transform"
	"wenguo/transform/sla"
)

// Names that stand for a policy without being its file.
const (
	policyShipped = "default"
	policyCurrent = "current"
)

func newPolicy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Show the policy, its schema, or what another policy would change",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPolicySchema(), newPolicyShow(), newPolicyDiff())
	return cmd
}

// arguments makes a wrong number of arguments a usage mistake.
func arguments(n int, usage string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{errors.New(usage)}
		}
		return nil
	}
}

func newPolicySchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a policy",
		Args:  arguments(0, "policy schema takes no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := cmd.OutOrStdout().Write(sla.Schema()); err != nil {
				return fmt.Errorf("print: %w", err)
			}
			return nil
		},
	}
}

// kept is a policy that was or is in force, as `policy show` prints it.
type kept struct {
	Revision uint32 `json:"revision"`
	// Since is when it came into force; zero for the shipped one of a folder that has kept none yet.
	Since  time.Time `json:"since,omitzero"`
	File   string    `json:"file,omitempty"`
	Policy string    `json:"policy"`
}

func newPolicyShow() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the policy in force and since when; with --revision an earlier one",
		Args:  arguments(0, "policy show takes no argument"),
	}
	load := configFlags(cmd.Flags())
	revision := cmd.Flags().Uint32("revision", 0, "revision to print; default the one in force")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		k, err := keptPolicy(cfg, *revision)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), k)
		}
		since := "nothing was kept here yet; this one comes into force at the first start"
		if !k.Since.IsZero() {
			since = "in force since " + k.Since.Format(time.RFC3339)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "# revision %d, %s\n%s", k.Revision, since, k.Policy)
		if err != nil {
			return fmt.Errorf("print: %w", err)
		}
		return nil
	}
	return cmd
}

// keptPolicy reads a policy of the folder without changing anything there; revision 0 is the newest.
func keptPolicy(cfg config, revision uint32) (kept, error) {
	names, history, err := readHistory(filepath.Join(cfg.Data, "policies"))
	if err != nil {
		return kept{}, err
	}
	if len(history) == 0 && revision <= 1 {
		content, _, err := policyText(cfg.Policy)
		return kept{Revision: 1, Policy: string(content)}, err
	}
	if revision == 0 {
		revision = history[len(history)-1].Revision
	}
	for i, a := range history {
		if a.Revision == revision {
			content, err := os.ReadFile(names[i])
			if err != nil {
				return kept{}, fmt.Errorf("policies: %w", err)
			}
			return kept{Revision: revision, Since: a.From.In(a.Policy.Zone), File: names[i], Policy: string(content)}, nil
		}
	}
	return kept{}, usageError{fmt.Errorf("--revision %d: there are 1 to %d", revision, len(history))}
}

// policyText reads a policy file and puts the iCalendar files that it names into it; an empty path is the shipped one.
func policyText(path string) (text []byte, policy *sla.Policy, err error) {
	text = sla.DefaultPolicy()
	if path != "" {
		if text, err = os.ReadFile(path); err != nil {
			return nil, nil, fmt.Errorf("read policy: %w", err)
		}
	}
	text, err = sla.Embed(text, func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path), name)
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read iCalendar file: %w", err)
		}
		return content, nil
	})
	if err == nil {
		policy, err = sla.ParsePolicy(text)
	}
	if err != nil && path != "" {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return text, policy, err
}

// choosePolicy reads the policy of a command line: a file, default for the shipped one, current for the one in force.
func choosePolicy(cfg config, name string) (*sla.Policy, error) {
	switch name {
	case policyShipped:
		_, p, err := policyText("")
		return p, err
	case policyCurrent:
		k, err := keptPolicy(cfg, 0)
		if err != nil {
			return nil, err
		}
		p, err := sla.ParsePolicy([]byte(k.Policy))
		if err != nil {
			return nil, fmt.Errorf("kept policy: %w", err)
		}
		return p, nil
	}
	_, p, err := policyText(name)
	return p, err
}

// throughout are the rules of a policy as if it had always been in force. The facts they make are only compared: their
// texts and customers are left out.
func throughout(p *sla.Policy) transform.Rules {
	empty := func(string) string { return "" }
	return transform.Rules{Revision: 1, History: []transform.Applied{{Revision: 1, Policy: p}}, Mask: empty, CustomerKey: empty}
}
