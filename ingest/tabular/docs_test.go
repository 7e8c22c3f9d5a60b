package tabular

import (
	"os"
	"strings"
	"testing"
)

func TestThePageOnImportNamesEveryField(t *testing.T) {
	page, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range fieldNames() {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/import.md lacks %s", name)
		}
	}
}
