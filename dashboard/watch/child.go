package watch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// stopGrace is how long a child may take to write down what it holds.
	stopGrace = 6 * time.Second
	// A child that dies is started again after firstPause, and after twice the pause each time that it dies at once.
	firstPause   = time.Second
	longestPause = time.Minute
	lived        = time.Minute
)

// child is one of the two programs.
type child struct {
	name    string
	command []string
	dir     string
	log     *slog.Logger
	process atomic.Pointer[os.Process]
	starts  atomic.Int64
}

// run keeps the child alive until ctx ends; it never gives up, because the rest of the program works without it.
func (c *child) run(ctx context.Context) {
	pause := firstPause
	for {
		started := time.Now()
		err := c.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(started) >= lived {
			pause = firstPause
		}
		c.log.Error("a program for alerts ended, starting it again", "program", c.name, "error", err, "in_seconds", pause.Seconds())
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// once starts the child and waits for its end. The leash hangs on the thread that starts the child, so the thread is held.
func (c *child) once(ctx context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.Command(c.command[0], c.command[1:]...) //nolint:gosec,noctx // the operator's own program; it is asked to end, then killed
	cmd.Dir = c.dir
	cmd.SysProcAttr = leashed()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "TZ=UTC"} // secrets of the environment are not for it
	said, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("start %s: %w", c.name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", c.name, err)
	}
	c.process.Store(cmd.Process)
	c.starts.Add(1)
	defer c.process.Store(nil)
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-ctx.Done():
		case <-finished:
			return
		}
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-time.After(stopGrace):
			_ = cmd.Process.Kill()
		case <-finished:
		}
	}()
	last := c.listen(said)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, last)
	}
	return errors.New("it stopped by itself")
}

// listen passes on what the child says and returns its last line, which names the cause when it ends.
func (c *child) listen(said io.Reader) (last string) {
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		last = lines.Text()
		c.log.Debug("a program for alerts says", "program", c.name, "line", last)
	}
	_, _ = io.Copy(io.Discard, said)
	return last
}

// reload makes the child read its configuration again; a wrong one it logs, and keeps the old.
func (c *child) reload() {
	if p := c.process.Load(); p != nil {
		_ = p.Signal(syscall.SIGHUP)
	}
}
