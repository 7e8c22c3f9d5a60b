package text_test

import (
	"fmt"
	"os"
	"testing"
)

// folder holds the unpacked dictionaries of all tests.
var folder string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "text")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	folder = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}
