package engine

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed library.txt
var pinned []byte

// pin is one line of library.txt: version, platform and SHA-256 of the library.
type pin struct{ version, platform, sum string }

func pinOf(platform string) (pin, error) {
	lines := bufio.NewScanner(bytes.NewReader(pinned))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 3 && fields[1] == platform {
			return pin{fields[0], fields[1], fields[2]}, nil
		}
	}
	return pin{}, fmt.Errorf("no engine library is pinned for %s; use --clickhouse with a server's address", platform)
}

// platform maps Go's name of a machine to the name the library is published under.
func platform() string {
	return map[string]string{
		"linux/amd64": "linux-x64-gnu", "linux/arm64": "linux-arm64-gnu",
		"darwin/arm64": "darwin-arm64", "darwin/amd64": "darwin-x64",
	}[runtime.GOOS+"/"+runtime.GOARCH]
}

// LibraryPath is where `make deps-run` puts the engine library: a cache that every checkout shares.
func LibraryPath() (string, error) {
	p, err := pinOf(platform())
	if err != nil {
		return "", err
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find cache folder: %w", err)
		}
		cache = filepath.Join(home, ".cache")
	}
	return filepath.Join(cache, "wenguo", "engine", p.version+"-"+p.sum[:12], "libchdb.so"), nil
}

// CheckLibrary compares the file with its pinned hash; the error says what to do. The installer's stamp beside the file
// (hash, size, time of change) spares the reading of half a gigabyte while nothing has touched it since.
func CheckLibrary(path string) error {
	p, err := pinOf(platform())
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the engine library is missing at %s; run `make deps-run` to fetch it", path)
	}
	if err != nil {
		return fmt.Errorf("find engine library: %w", err)
	}
	stamp, err := os.ReadFile(path + ".ok")
	if err == nil && strings.TrimSpace(string(stamp)) == fmt.Sprintf("%s %d %d", p.sum, info.Size(), info.ModTime().Unix()) {
		return nil
	}
	return checkHash(path, p.sum)
}

func checkHash(path, want string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open engine library: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return fmt.Errorf("read engine library: %w", err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("the engine library at %s is damaged (SHA-256 %.12s…, expected %.12s…); run `make deps-run` to fetch it again", path, got, want)
	}
	return nil
}
