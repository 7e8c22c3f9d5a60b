package text

import (
	"fmt"
	"os"
	"testing"
)

// dictFolder holds the unpacked dictionaries of all tests.
var dictFolder string

// Folder is dictFolder for the tests outside the package.
func Folder() string { return dictFolder }

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "text")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	dictFolder = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}
