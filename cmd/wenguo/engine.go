package main

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"wenguo/warehouse/engine"
)

// newEngine is the child that `up` starts; a person has no use for it.
func newEngine() *cobra.Command {
	cfg := engine.DefaultConfiguration()
	cmd := &cobra.Command{
		Use:    "engine",
		Short:  "Run the embedded ClickHouse engine (started by up)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := engine.Child(cfg, slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
				os.Exit(exitFailed) // the parent has been told the sentence and says it
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&cfg.Dir, "dir", "", "folder of the store")
	cmd.Flags().StringVar(&cfg.Library, "library", "", "path of libchdb.so")
	cmd.Flags().IntVar(&cfg.Sessions, "sessions", cfg.Sessions, "statements at once")
	return cmd
}
