package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// built is the command, compiled once a test program.
var built struct { //nolint:gochecknoglobals // shared by the tests of one program
	once sync.Once
	dir  string
	err  error
}

// Main is a test program's TestMain: it runs the tests and removes what Path compiled.
func Main(m *testing.M) int {
	defer func() {
		if built.dir != "" {
			_ = os.RemoveAll(built.dir)
		}
	}()
	return m.Run()
}

// Path compiles the command, once a test program, and returns its path.
func Path(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "wenguo-program-*"); built.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", built.dir, "wenguo/cmd/wenguo").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("build wenguo: %v", built.err)
	}
	return filepath.Join(built.dir, "wenguo")
}
