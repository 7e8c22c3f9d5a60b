package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"wenguo/warehouse"
)

// erasuresFile lists every erased event that was carried out on the folder, one JSON object a line, without personal data.
// A restore of an older backup is given it, so that nobody comes back.
const erasuresFile = "erasures.ndjson"

// listErasures appends to the folder's list and returns when the disk has it.
func listErasures(data string) func(events [][]byte) error {
	return func(events [][]byte) error {
		if len(events) == 0 {
			return nil
		}
		file, err := os.OpenFile(filepath.Join(data, erasuresFile), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return fmt.Errorf("open list: %w", err)
		}
		var lines []byte
		for _, event := range events {
			lines = append(append(lines, event...), '\n')
		}
		_, err = file.Write(lines)
		if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
		return nil
	}
}

// Retention of personal data: how often complaints past their time are looked for, and how many are erased at once.
const (
	keepLook  = time.Hour
	keepBatch = 1000
)

// forgetOld has complaints erased that ended longer ago than personal data is kept. It runs until ctx ends.
func forgetOld(ctx context.Context, cfg config, store *warehouse.Store, now func() time.Time, log *slog.Logger) error {
	tick := time.NewTicker(keepLook)
	defer tick.Stop()
	for {
		for {
			n, err := forgetBatch(ctx, cfg, store, now())
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				log.Warn("complaints past their time are looked for again later", "error", err)
			}
			if n > 0 {
				log.Info("personal data is past its time", "complaints", n, "kept_hours", cfg.Privacy.Keep.Hours())
			}
			if n < keepBatch {
				break
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func forgetBatch(ctx context.Context, cfg config, store *warehouse.Store, now time.Time) (int, error) {
	if err := caughtUp(ctx, cfg, store); err != nil { // or those of the last batch would be found again
		return 0, err
	}
	ids, err := store.ExpiredComplaints(ctx, now.Add(-cfg.Privacy.Keep), keepBatch)
	if err != nil {
		return 0, fmt.Errorf("retention: %w", err)
	}
	return len(ids), sendErasures(ctx, cfg, ids, "保存期限已到", now)
}
