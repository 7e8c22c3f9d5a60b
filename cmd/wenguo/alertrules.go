package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wenguo/dashboard/alerts"
	"wenguo/transform/sla"
)

func newRules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules --out DIR | --check DIR",
		Short: "Make Prometheus' rules, Alertmanager's configuration and the OpenSLO documents of a policy",
		Long: "Write " + strings.Join([]string{alerts.RulesFile, alerts.PrometheusFile, alerts.AlertmanagerFile, alerts.OpenSLOFile}, ", ") +
			" into DIR, or tell which of those that lie there are not what the policy makes.\n" +
			"Without --policy it is the policy in force.",
		Args: arguments(0, "rules takes no argument: name the folder with --out or --check"),
	}
	flags := cmd.Flags()
	load := configFlags(flags)
	out := flags.String("out", "", "folder to write to")
	check := flags.String("check", "", "folder to compare with; exit 1 when a file differs")
	policy := flags.String("policy", policyCurrent, "policy file, or "+policyShipped+", or "+policyCurrent)
	var o alerts.Options
	flags.StringVar(&o.Site, "site", "", "host:port at which Prometheus and Alertmanager reach wenguo; default 127.0.0.1:8420")
	flags.StringVar(&o.Alertmanager, "alertmanager", "", "host:port of Alertmanager; default 127.0.0.1:9093")
	flags.StringVar(&o.Links, "links", "", "what stands before the path of a page in an alert; default nothing")
	flags.StringVar(&o.TokenFile, "token-file", "", "file of the robots' token, as Alertmanager names it; default notify.token")
	flags.StringVar(&o.SMTP, "smtp", "", "mail server, host:port; without it nobody gets mail")
	flags.StringVar(&o.From, "from", "", "sender of mail")
	flags.StringSliceVar(&o.Robots, "robot", nil, "robots that are told what has no owner, where the policy names none")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if (*out == "") == (*check == "") {
			return usageError{errors.New("rules needs one of --out DIR and --check DIR")}
		}
		if (o.SMTP == "") != (o.From == "") {
			return usageError{errors.New("--smtp and --from need each other")}
		}
		cfg, err := load()
		if err != nil {
			return err
		}
		p, err := choosePolicy(cfg, *policy)
		if err != nil {
			return err
		}
		if *check != "" {
			return checkRules(cmd, *check, p, o)
		}
		return writeRules(cmd, *out, p, o)
	}
	cmd.AddCommand(newBacktest())
	return cmd
}

func writeRules(cmd *cobra.Command, dir string, p *sla.Policy, o alerts.Options) error {
	files, err := alerts.Files(p, o)
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, files[name], 0o644); err != nil { //nolint:gosec // other programs read it, it holds no secret
			return fmt.Errorf("rules: %w", err)
		}
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), path)
	}
	return nil
}

func checkRules(cmd *cobra.Command, dir string, p *sla.Policy, o alerts.Options) error {
	files, err := alerts.Files(p, o)
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		kept, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("rules: %w", err)
		}
		if !bytes.Equal(kept, files[name]) {
			differ = append(differ, name)
		}
	}
	if len(differ) > 0 {
		return fmt.Errorf("rules: %s in %s not what the policy makes; write them with `wenguo rules --out`", strings.Join(differ, ", "), dir)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s holds what the policy makes\n", dir)
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
