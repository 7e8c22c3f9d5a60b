package text

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/yanyiwu/gojieba"
)

//go:embed dict/jieba.dict.utf8.gz
var wordsGz []byte

//go:embed dict/hmm_model.utf8.gz
var hmmGz []byte

// The hashes of gojieba v1.4.7's own files, unpacked.
const (
	wordsHash = "3043b77068e09c9904f27cad82f12b6ebe9dbdb5aeff3b25e45ab7f9c1122b55"
	hmmHash   = "f17790586ac86dd048c8adffed052c4bd2b28ed0682972c1275e59040c0589a7"
)

// dictionary is the folder that the unpacked dictionaries lie in.
type dictionary struct{ dir string }

func (d dictionary) words() string { return filepath.Join(d.dir, "jieba.dict.utf8") }
func (d dictionary) hmm() string   { return filepath.Join(d.dir, "hmm_model.utf8") }
func (d dictionary) idf() string   { return filepath.Join(d.dir, "idf.utf8") }
func (d dictionary) stop() string  { return filepath.Join(d.dir, "stop_words.utf8") }

// unpack writes the dictionaries below dir; files that lie there with the right hash stay.
func unpack(dir string) (dictionary, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return dictionary{}, fmt.Errorf("resolve folder: %w", err)
	}
	if strings.ContainsAny(dir, "|;\x00") {
		return dictionary{}, fmt.Errorf("folder %q: the segmenter cannot read a path with | or ;", dir)
	}
	d := dictionary{dir: filepath.Join(dir, "jieba-"+wordsHash[:8])}
	if err := os.MkdirAll(d.dir, 0o750); err != nil {
		return d, fmt.Errorf("make folder: %w", err)
	}
	if err := place(d.words(), wordsGz, wordsHash); err != nil {
		return d, err
	}
	if err := place(d.hmm(), hmmGz, hmmHash); err != nil {
		return d, err
	}
	// Keyword extraction is never asked for; its two files only have to exist and hold a line.
	for _, path := range []string{d.idf(), d.stop()} {
		if err := replaceFile(path, []byte("的 1.0\n")); err != nil {
			return d, err
		}
	}
	return d, nil
}

// place unpacks one file unless it lies there intact.
func place(path string, packed []byte, want string) error {
	if have, err := os.ReadFile(path); err == nil && hash(have) == want {
		return nil
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(path), err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(path), err)
	}
	if hash(content) != want {
		return fmt.Errorf("unpack %s: content does not match its hash", filepath.Base(path))
	}
	return replaceFile(path, content)
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// replaceFile writes through a temporary name, so that another process never sees half a file.
func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, werr := f.Write(content)
	if err := errors.Join(werr, f.Close()); err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// load starts a native segmenter with the given lines as its user dictionary.
func (d dictionary) load(lines string) (*gojieba.Jieba, error) {
	f, err := os.CreateTemp(d.dir, "user-*.utf8")
	if err != nil {
		return nil, fmt.Errorf("write user dictionary: %w", err)
	}
	defer os.Remove(f.Name())
	_, werr := f.WriteString(lines)
	if err := errors.Join(werr, f.Close()); err != nil {
		return nil, fmt.Errorf("write user dictionary: %w", err)
	}
	return gojieba.NewJieba(d.words(), d.hmm(), f.Name(), d.idf(), d.stop()), nil
}
