package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockWait is how long a new owner waits for the last one, killed a moment ago, to let go.
const lockWait = 10 * time.Second

// ErrLocked says that another process owns the folder.
var ErrLocked = errors.New("the folder belongs to another running process")

// Lock takes dir for this process until the returned file is closed or the process ends. A folder that stays taken is
// ErrLocked.
func Lock(ctx context.Context, dir string, wait time.Duration) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return file, nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-deadline.C:
			return nil, errors.Join(fmt.Errorf("%s: %w", dir, ErrLocked), file.Close())
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), file.Close())
		}
	}
}
