package main

import (
	"context"
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
		texts, err := rebuildSearch(cmd.Context(), cfg, store, func(done int) { _ = bar.Set(done) })
		if err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d complaints folded again in %.1f s (%.0f a second); %d texts of the search were not what their complaints say and are made anew\n", n, seconds, float64(n)/seconds, texts)
		return nil
	}
	return cmd
}

// rebuildSearch compares what is searched with every complaint.
func rebuildSearch(ctx context.Context, cfg config, store *warehouse.Store, progress func(done int)) (int, error) {
	segmenter, err := openWords(cfg)
	if err != nil {
		return 0, err
	}
	defer segmenter.Close()
	n, err := warehouse.NewIndexer(store, segmenter, time.Second, slog.New(slog.DiscardHandler)).Rebuild(ctx, progress)
	if err != nil {
		return n, fmt.Errorf("search: %w", err)
	}
	return n, nil
}
