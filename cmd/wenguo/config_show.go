package main

import (
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
)

func newConfig() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the configuration in effect, secrets masked",
		Args:  cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "listen", "demo", "kafka", "clickhouse", "alerts", "accounts")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		content, err := yaml.Marshal(cfg.masked())
		if err != nil {
			return fmt.Errorf("print configuration: %w", err)
		}
		if _, err := cmd.OutOrStdout().Write(content); err != nil {
			return fmt.Errorf("print configuration: %w", err)
		}
		return nil
	}
	return cmd
}
