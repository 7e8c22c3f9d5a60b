package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"wenguo/dashboard/notify"
)

func newNotify() *cobra.Command {
	cmd := &cobra.Command{Use: "notify", Short: "Try the robots that alerts are told to", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(newNotifyTest())
	return cmd
}

func newNotifyTest() *cobra.Command {
	cmd := &cobra.Command{Use: "test", Short: "Send a card that says it is a test", Args: cobra.NoArgs}
	load := configFlags(cmd.Flags())
	name := cmd.Flags().String("robot", "", "name of the robot in notify.robots")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if *name == "" {
			return usageError{errors.New("name a robot with --robot")}
		}
		_, policy, err := policyText(cfg.Policy)
		if err != nil {
			return err
		}
		settings := cfg.Notify
		settings.Token, settings.TokenFile = "nobody posts to a test", ""
		robots, err := notify.New(settings, notify.Deps{
			Now: time.Now, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(), Zone: policy.Zone,
			Site: func() string { return "http://" + cfg.Listen }, Env: os.Getenv,
		})
		if err != nil {
			return fmt.Errorf("robots: %w", err)
		}
		if err := robots.Test(cmd.Context(), *name); err != nil {
			return fmt.Errorf("robot %q: %w", *name, err)
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "已发出测试消息 sent  %s\n", *name)
		return nil
	}
	return cmd
}
