// Package enginetest gives tests the real engine: one child process per test program, one database per test.
package enginetest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"wenguo/warehouse/engine"
)

// childFolder marks the re-executed test program that plays the engine.
const childFolder = "WENGUO_TEST_ENGINE_DIR"

// Engine is the running engine of a test program.
type Engine struct {
	process   *engine.Process
	databases atomic.Int64
}

// Main is a test program's TestMain: it runs the tests beside an engine and returns the exit code.
func Main(m *testing.M, use func(*Engine)) int {
	library, err := engine.LibraryPath()
	if err == nil {
		err = engine.CheckLibrary(library)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if dir := os.Getenv(childFolder); dir != "" {
		cfg := engine.DefaultConfiguration()
		cfg.Dir, cfg.Library = dir, library
		if err := engine.Child(cfg, log); err != nil {
			return 1
		}
		return 0
	}
	dir, err := os.MkdirTemp("", "wenguo-engine-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv(childFolder, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	process, err := engine.NewProcess([]string{os.Args[0]}, log)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- process.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			fmt.Fprintln(os.Stderr, "engine:", err)
		}
	}()
	select {
	case <-process.Ready():
	case err := <-ended:
		ended <- err
		fmt.Fprintln(os.Stderr, "engine did not start:", err)
		return 1
	case <-time.After(time.Minute):
		fmt.Fprintln(os.Stderr, "engine did not answer within a minute")
		return 1
	}
	use(&Engine{process: process})
	return m.Run()
}

// DSN names a database that no other test uses.
func (e *Engine) DSN() string {
	return fmt.Sprintf("http://%s/test_%d", e.process.Address(), e.databases.Add(1))
}
