package text_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yanyiwu/gojieba"

	"wenguo/transform/text"
)

func TestUnpackedDictionariesAreThoseOfTheModule(t *testing.T) {
	open(t)
	for name, original := range map[string]string{"jieba.dict.utf8": gojieba.DICT_PATH, "hmm_model.utf8": gojieba.HMM_PATH} {
		want, err := os.ReadFile(original)
		if err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(text.Folder(), "jieba-*", name))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: found %q, %v", name, found, err)
		}
		if got, err := os.ReadFile(found[0]); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from the module's file: %v", name, err)
		}
	}
}

func TestOpenMendsADamagedDictionary(t *testing.T) {
	dir := t.TempDir()
	s, err := text.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	found, err := filepath.Glob(filepath.Join(dir, "jieba-*", "jieba.dict.utf8"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if err := os.WriteFile(found[0], []byte("half a dict"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = text.Open(dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := strings.Join(s.Words("电梯坏了"), " "); got != "电梯 坏 了" {
		t.Errorf("got %q", got)
	}
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for sentence, dir := range map[string]string{
		"a folder below a file":                    filepath.Join(file, "dict"),
		"a folder whose name the segmenter splits": filepath.Join(t.TempDir(), "a;b"),
	} {
		if s, err := text.Open(dir); err == nil || !strings.Contains(err.Error(), "unpack dictionaries") {
			t.Errorf("%s: got %v, %v", sentence, s, err)
		}
	}
	if _, err := text.Open(text.Folder(), "好 多"); err == nil || !strings.Contains(err.Error(), "frequency") {
		t.Errorf("a term with a bad frequency gives %v", err)
	}
}

func TestAClosedSegmenterFindsNothing(t *testing.T) {
	s, err := text.Open(text.Folder())
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close()
	if got := s.Words("电梯坏了"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}
