package alerts

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"wenguo/transform/sla"
)

var update = flag.Bool("update", false, "write the files that ship and the golden ones")

func parsed(t *testing.T, text []byte) *sla.Policy {
	t.Helper()
	p, err := sla.ParsePolicy(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func made(t *testing.T, p *sla.Policy, o Options) map[string][]byte {
	t.Helper()
	files, err := Files(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// golden compares with the files of a folder, or writes them.
func golden(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // files of the repository
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, text) {
			t.Errorf("%s is not what the policy makes; run `wenguo rules --out deploy/prometheus`, or the test with -update", path)
		}
	}
}

func TestWhatShipsIsMadeOfTheShippedPolicy(t *testing.T) {
	golden(t, "../../deploy/prometheus", made(t, parsed(t, sla.DefaultPolicy()), Options{}))
}
