package program

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a start or an end may take before the test fails; a loaded machine needs most of it.
const patience = 2 * time.Minute

// Instance is what `up` writes about itself into its data folder.
type Instance struct {
	PID        int      `json:"pid"`
	Kafka      []string `json:"kafka"`
	ClickHouse string   `json:"clickhouse"`
	Listen     string   `json:"listen"`
}

// Up is a running `wenguo up`.
type Up struct {
	Instance
	// Took is the time from the start to the instance's description, which is written when everything runs.
	Took time.Duration

	cmd   *exec.Cmd
	log   string
	ended chan struct{}
	err   error
}

// Start runs `wenguo up` on the folder, on a free port, without the demo and without alerts, and returns when everything runs. It is
// killed at the end of the test.
func Start(t testing.TB, data string, environ []string, args ...string) *Up {
	t.Helper()
	u := Launch(t, data, environ, args...)
	started := time.Now()
	for ; time.Since(started) < patience; time.Sleep(20 * time.Millisecond) {
		content, err := os.ReadFile(filepath.Join(data, "instance.json"))
		if err == nil && json.Unmarshal(content, &u.Instance) == nil && u.PID == u.cmd.Process.Pid {
			u.Took = time.Since(started)
			return u
		}
		select {
		case <-u.ended:
			t.Fatalf("wenguo up ended: %v\n%s", u.err, u.Log())
		default:
		}
	}
	t.Fatalf("wenguo up did not start within %s:\n%s", patience, u.Log())
	return nil
}

// Launch is Start without the wait.
func Launch(t testing.TB, data string, environ []string, args ...string) *Up {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "up-*.log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(Path(t), append([]string{"up", "--data", data, "--listen", "127.0.0.1:0", "--demo", "none", "--alerts=false"}, args...)...)
	cmd.Env = append(os.Environ(), environ...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = dieWithParent()
	u := &Up{cmd: cmd, log: log.Name(), ended: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start wenguo up: %v", err)
	}
	go func() {
		u.err = cmd.Wait()
		close(u.ended)
	}()
	t.Cleanup(sync.OnceFunc(func() {
		engine := u.EnginePID()
		_ = cmd.Process.Kill()
		<-u.ended
		Gone(t, engine)
	}))
	return u
}

// Log is everything that it has printed.
func (u *Up) Log() string {
	content, err := os.ReadFile(u.log)
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// Pid of the process.
func (u *Up) Pid() int { return u.cmd.Process.Pid }

// EnginePID finds the engine, the only child of the process; 0 when there is none.
func (u *Up) EnginePID() int { return ChildOf(u.Pid()) }

// ChildOf finds the only child of a process; 0 when there is none.
func ChildOf(of int) int {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		if state, parent := look(pid); parent == of && state != "Z" {
			return pid
		}
	}
	return 0
}

// Kill sends SIGKILL to the process and waits for its end; the engine gets none.
func (u *Up) Kill() {
	_ = u.cmd.Process.Kill()
	<-u.ended
}

// KillAll sends SIGKILL to the engine and the process in one breath and waits for their end.
func (u *Up) KillAll(t testing.TB) {
	t.Helper()
	engine := u.EnginePID()
	if engine == 0 {
		t.Error("there is no engine to kill")
		u.Kill()
		return
	}
	_ = u.cmd.Process.Kill()
	_ = syscall.Kill(engine, syscall.SIGKILL)
	<-u.ended
	Gone(t, engine)
}

// KillEngine sends SIGKILL to the engine and waits until it has ended; the process starts another.
func (u *Up) KillEngine(t testing.TB) {
	t.Helper()
	engine := u.EnginePID()
	if engine == 0 {
		t.Error("there is no engine to kill")
		return
	}
	_ = syscall.Kill(engine, syscall.SIGKILL)
	Gone(t, engine)
}

// Stop sends SIGTERM and returns the exit code and how long the end took.
func (u *Up) Stop(t testing.TB) (code int, took time.Duration) {
	t.Helper()
	started := time.Now()
	if err := u.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("stop wenguo up: %v", err)
	}
	return u.Wait(t), time.Since(started)
}

// Wait returns the exit code when it has ended.
func (u *Up) Wait(t testing.TB) int {
	t.Helper()
	select {
	case <-u.ended:
	case <-time.After(patience):
		t.Fatalf("wenguo up still runs after %s:\n%s", patience, u.Log())
	}
	return u.cmd.ProcessState.ExitCode()
}

// leash is how long an engine may outlive its parent: what it is doing, and a bit for a loaded machine.
const leash = 10 * time.Second

// Gone waits until the process has ended and returns how long that took; the test fails when it takes longer than a
// child may outlive its parent.
func Gone(t testing.TB, pid int) time.Duration {
	t.Helper()
	started := time.Now()
	for pid != 0 && alive(pid) {
		if time.Since(started) > leash {
			t.Errorf("process %d still runs after %s", pid, leash)
			_ = syscall.Kill(pid, syscall.SIGKILL)
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(started)
}

// alive says that the process runs; one that has ended and waits for its parent to notice does not.
func alive(pid int) bool {
	state, _ := look(pid)
	return state != "" && state != "Z"
}

// look reads the state and the parent of a process; the state of one that does not exist is empty.
func look(pid int) (state string, parent int) {
	content, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", 0
	}
	_, after, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(after)
	if len(fields) < 2 {
		return "", 0
	}
	parent, _ = strconv.Atoi(fields[1])
	return fields[0], parent
}
