package program

import (
	"bufio"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a running command whose log is listened to.
type Process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// Spawn runs the command until it is killed or the test ends, and hands each line of its log to hear, in order, as it is
// written.
func Spawn(t testing.TB, environ []string, hear func(line string), args ...string) *Process {
	t.Helper()
	cmd := exec.Command(Path(t), args...)
	cmd.Env = append(os.Environ(), environ...)
	cmd.SysProcAttr = dieWithParent()
	read, write, err := os.Pipe() // not cmd.StderrPipe: a child of the command holds it open longer than the command lives
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = write
	if err := cmd.Start(); err != nil {
		t.Fatalf("start wenguo %v: %v", args, err)
	}
	_ = write.Close()
	go func() {
		defer read.Close()
		lines := bufio.NewScanner(read)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			hear(lines.Text())
		}
	}()
	p := &Process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(sync.OnceFunc(func() {
		child := ChildOf(p.Pid())
		p.Kill()
		Gone(t, child)
	}))
	return p
}

// Pid of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Kill sends SIGKILL and waits for the end.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// Freeze stops the process where it stands, as a paused machine or a long collection of garbage does; Thaw lets it go on.
func (p *Process) Freeze() { _ = p.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (p *Process) Thaw() { _ = p.cmd.Process.Signal(syscall.SIGCONT) }

// Stop asks the process to end and waits until it has; the test fails when that takes too long.
func (p *Process) Stop(t testing.TB) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Errorf("process %d still runs after %s", p.Pid(), patience)
		p.Kill()
	}
}
