// Package docs_test keeps pages that repeat the code's words in step with the code.
package docs_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"wenguo/ingest"
)

func TestTheGlossaryNamesEveryWordOfTheEventContract(t *testing.T) {
	page, err := os.ReadFile("glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(page), "\n")
	var words []string
	for _, kinds := range [][]ingest.KindInfo{ingest.Kinds, ingest.DecisionKinds} {
		for _, kind := range kinds {
			words = append(words, string(kind.Kind))
			if !slices.ContainsFunc(lines, func(line string) bool {
				return strings.Contains(line, "`"+string(kind.Kind)+"`") && strings.Contains(line, kind.Title)
			}) {
				t.Errorf("glossary.md does not call %s %s", kind.Kind, kind.Title)
			}
		}
	}
	for _, class := range ingest.Classes {
		words = append(words, string(class))
	}
	for _, list := range [][]string{ingest.Channels, ingest.Priorities, ingest.CauseGroups, ingest.PauseReasons, ingest.TransferReason, ingest.ReopenReasons, ingest.Roles} {
		words = append(words, list...)
	}
	for _, word := range words {
		if !strings.Contains(string(page), "`"+word+"`") {
			t.Errorf("glossary.md lacks %q", word)
		}
	}
}
