package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// readyLine is what the child prints once it answers; a line with refusedPrefix is its one sentence of why it can't.
const (
	readyLine     = "ready"
	refusedPrefix = "refused: "
)

// stopGrace is how long the child may take to finish what it is doing.
const stopGrace = 6 * time.Second

// Process owns the child that runs the engine: it starts it, restarts it after a crash and ends it.
type Process struct {
	command  []string
	log      *slog.Logger
	listener *net.TCPListener
	ready    chan struct{}
}

// NewProcess binds a free loopback port; command is the program and its arguments that call Child.
func NewProcess(command []string, log *slog.Logger) (*Process, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("open engine port: %w", err)
	}
	return &Process{command: command, log: log, listener: listener, ready: make(chan struct{})}, nil
}

// Address is host:port of the engine's HTTP interface; it stays the same over restarts.
func (p *Process) Address() string { return p.listener.Addr().String() }

// Ready is closed when the engine first answers.
func (p *Process) Ready() <-chan struct{} { return p.ready }

// Run keeps the engine alive until ctx ends. It gives up when the child refuses to start, with the child's own sentence.
func (p *Process) Run(ctx context.Context) error {
	defer p.listener.Close() // the address is given back at the end of the process anyway
	socket, err := p.listener.File()
	if err != nil {
		return fmt.Errorf("share engine port: %w", err)
	}
	defer socket.Close()
	answered := false
	for {
		started := time.Now()
		err := p.runOnce(ctx, socket, func() {
			if !answered {
				answered = true
				close(p.ready)
			}
		})
		if ctx.Err() != nil {
			return nil
		}
		if refused, ok := errors.AsType[refusedError](err); ok {
			return refused
		}
		if !answered {
			return fmt.Errorf("%w before it answered: its folder or its library may be damaged", err)
		}
		p.log.Error("engine ended, starting it again", "error", err, "after_seconds", time.Since(started).Seconds())
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return nil
		}
	}
}

// refusedError is the child's own sentence of why it can't work; starting it again would not help.
type refusedError struct{ sentence string }

func (e refusedError) Error() string { return e.sentence }

func (p *Process) runOnce(ctx context.Context, socket *os.File, ready func()) error {
	// The child outlives ctx by the time it needs to finish; closing its standard input asks it to stop.
	cmd := exec.Command(p.command[0], p.command[1:]...) //nolint:gosec,noctx // our own program; ended through its standard input
	cmd.ExtraFiles = []*os.File{socket}
	cmd.Env = append(os.Environ(), "TZ=UTC")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a terminal's Ctrl-C is for the parent, which then drains in order
	leash, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start engine: %w", err)
	}
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-ctx.Done():
		case <-finished:
			return
		}
		_ = leash.Close()
		select {
		case <-time.After(stopGrace):
			_ = cmd.Process.Kill()
		case <-finished:
		}
	}()
	refused := listen(said, ready)
	err = cmd.Wait()
	if refused != "" {
		return refusedError{refused}
	}
	if err == nil {
		return errors.New("the engine stopped by itself")
	}
	return fmt.Errorf("the engine ended (%w)", err)
}

// listen reads what the child says until it ends; it returns the sentence of a refusal.
func listen(said io.Reader, ready func()) (refused string) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == readyLine:
			ready()
		case strings.HasPrefix(line, refusedPrefix):
			refused = strings.TrimPrefix(line, refusedPrefix)
		}
	}
	return refused
}

// Child is the engine process's whole life: it serves the socket it inherited until its standard input ends, which
// happens when the parent asks it to stop and also when the parent dies.
func Child(cfg Config, log *slog.Logger) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
		time.Sleep(stopGrace)
		os.Exit(1)
	}()
	err := child(ctx, cfg, log)
	if err != nil {
		fmt.Println(refusedPrefix + err.Error()) //nolint:forbidigo // the line the parent waits for
	}
	return err
}

func child(ctx context.Context, cfg Config, log *slog.Logger) error {
	listener, err := net.FileListener(os.NewFile(3, "engine socket"))
	if err != nil {
		return fmt.Errorf("take engine port: %w", err)
	}
	lock, err := Lock(ctx, cfg.Dir, lockWait)
	if errors.Is(err, ErrLocked) {
		return fmt.Errorf("the store %w; stop it first or choose another folder with --data", err)
	}
	if err != nil {
		return err
	}
	defer lock.Close() // freed at exit in any case
	server, err := NewServer(cfg, log)
	if err != nil {
		return err
	}
	fmt.Println(readyLine) //nolint:forbidigo // the line the parent waits for
	return server.Run(ctx, listener)
}
