package dashboard_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEveryLinkInAnAlertOpensItsPage(t *testing.T) {
	files, err := filepath.Glob("../deploy/prometheus/*.test.yml")
	if err != nil {
		t.Fatal(err)
	}
	links := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\s+page: "(.*)"$`).FindAllStringSubmatch(string(text), -1) {
			// Rules are tested in 1970; the sample's complaint stands for any.
			link := strings.NewReplacer("1969-12-", "2026-10-", "1970-01-", "2026-11-").Replace(m[1])
			links[regexp.MustCompile(`^/complaints/[^?]+$`).ReplaceAllString(link, "/complaints/C-2026-000123")] = true
		}
	}
	if len(links) < 15 {
		t.Errorf("only %d links", len(links))
	}
	h := open(t, &sample{})
	for link := range links {
		if w := get(t, h, link); w.Code != http.StatusOK {
			t.Errorf("%s answers %d", link, w.Code)
		}
	}
}
