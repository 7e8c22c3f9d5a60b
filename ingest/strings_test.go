package ingest

import (
	"strings"
	"testing"
)

func TestStringsAreLookedAtWhereverTheyStand(t *testing.T) {
	for fault, proper := range map[string]bool{
		`\i`: false, `\u12`: false, `\u12x4`: false, "\x00": false, "\x1f": false, "\n": false, "\t": false,
		`\n`: true, `\"`: true, `\\`: true, `\/`: true, `\u12aF`: true, "\x7f": true, "\x80": true, "诉": true, " ": true,
	} {
		for before := range 20 {
			for after := range 20 {
				raw := `{"x":"` + strings.Repeat("a", before) + fault + strings.Repeat("诉", after) + `"}`
				if got := properStrings([]byte(raw)); got != proper {
					t.Fatalf("%q: %v, want %v", raw, got, proper)
				}
			}
		}
	}
	if !properStrings([]byte("{\n\t\"a\" : \"b\\n\",\r\n \"c\":1 }\n")) {
		t.Error("white space between values is refused")
	}
}
