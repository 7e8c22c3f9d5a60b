package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"wenguo/warehouse"
)

func newRebuild() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Fold every complaint again from its events",
		Args:  cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "clickhouse")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		store, done, err := openStore(cmd.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer done()
		_, rules, err := restoreRules(cmd.Context(), cfg, store, time.Now(), slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(cmd.ErrOrStderr()),
			progressbar.OptionSetDescription("rebuild"), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		started := time.Now()
		n, err := warehouse.NewFolder(store, rules, time.Second, slog.New(slog.DiscardHandler)).
			Rebuild(cmd.Context(), func(done, total int) {
				bar.ChangeMax(total)
				_ = bar.Set(done)
			})
		if err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
		_ = bar.Finish()
		seconds := time.Since(started).Seconds()
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d complaints folded again in %.1f s (%.0f a second)\n", n, seconds, float64(n)/seconds)
		return nil
	}
	return cmd
}
