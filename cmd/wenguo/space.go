package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

// defaultReserve is the room, in bytes, that is left on the data folder's disk for what was taken in already: facts, merges,
// the clean end of every file.
const defaultReserve = 256 << 20

// spaceCheck is how often the disk is looked at.
const spaceCheck = 100 * time.Millisecond

// space keeps a disk from filling up to the last byte: below the reserve nothing more is taken in, above it everything
// goes on by itself.
type space struct {
	dir     string
	reserve int64
	log     *slog.Logger
	low     atomic.Bool
	// refuse tells the embedded broker to take in nothing, or to take it in again; nil without one.
	refuse func(bool)
}

// newSpace looks at the disk; one that is full already is an error.
func newSpace(dir string, reserve int64, log *slog.Logger) (*space, error) {
	free, err := freeBytes(dir)
	if err != nil {
		return nil, err
	}
	if free < reserve {
		return nil, fmt.Errorf("the disk of the data folder %s is full: %d MB are free and %d MB must be; free some there, or use a folder on another disk with --data",
			absolute(dir), free>>20, reserve>>20)
	}
	return &space{dir: dir, reserve: reserve, log: log}, nil
}

// Run watches until ctx ends.
func (s *space) Run(ctx context.Context) error {
	tick := time.NewTicker(spaceCheck)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		free, err := freeBytes(s.dir)
		if err != nil {
			s.log.Warn("the disk cannot be looked at", "error", err)
			continue
		}
		low := free < s.reserve
		if low == s.low.Load() {
			continue
		}
		s.low.Store(low)
		if s.refuse != nil {
			s.refuse(low)
		}
		if low {
			s.log.Error("the disk of the data folder is full: nothing more is taken in until some is freed there",
				"folder", absolute(s.dir), "free_mb", free>>20, "needed_mb", s.reserve>>20)
		} else {
			s.log.Info("the disk of the data folder has room again, everything goes on", "folder", absolute(s.dir), "free_mb", free>>20)
		}
	}
}

// wait returns when there is room. A role that keeps nothing on this disk has none to look at.
func (s *space) wait(ctx context.Context) error {
	if s == nil {
		return nil
	}
	for s.low.Load() {
		select {
		case <-time.After(spaceCheck):
		case <-ctx.Done():
			return fmt.Errorf("wait for room on the disk: %w", ctx.Err())
		}
	}
	return nil
}

// freeBytes is the room for an ordinary user on the disk of the folder.
func freeBytes(dir string) (int64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, fmt.Errorf("look at the disk of %s: %w", dir, err)
	}
	return int64(stat.Bavail) * int64(stat.Bsize), nil //nolint:gosec,unconvert // a disk's bytes fit; the types differ by system
}

// absolute names the folder so that a person finds it from anywhere.
func absolute(dir string) string {
	if path, err := filepath.Abs(dir); err == nil {
		return path
	}
	return dir
}

// sayFull makes one sentence of an error that a full disk has caused before the watch could.
func sayFull(err error, dir string) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("the disk of the data folder %s is full; free some of it, or use a folder on another disk with --data: %w", absolute(dir), err)
	}
	return err
}
