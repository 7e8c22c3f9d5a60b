package main

import (
	"strings"
	"testing"

	"wenguo/transform/quality"
)

func TestOneFaultAnywhereMakesTheStoreInexact(t *testing.T) {
	fine := []quality.Partition{{To: 9, Blocks: 1, Stored: 9}}
	gap := []quality.Partition{{Partition: 3, To: 9, Blocks: 2, Stored: 8, Faults: []string{"nothing is stored of [4, 5)"}}}
	tests := map[string]struct {
		verification
		exact bool
		says  string
	}{
		"everything once":           {verification{Verification: quality.Verification{Partitions: fine, Decisions: fine}}, true, "complaints.decisions          0     0   9       1       9"},
		"nothing at all":            {verification{}, true, "complaints 0"},
		"events with a gap":         {verification{Verification: quality.Verification{Partitions: gap, Decisions: fine}}, false, "complaints.events partition 3: nothing is stored of [4, 5)"},
		"decisions with a gap":      {verification{Verification: quality.Verification{Partitions: fine, Decisions: gap}}, false, "complaints.decisions partition 3: nothing is stored of [4, 5)"},
		"a complaint without facts": {verification{Verification: quality.Verification{Partitions: fine, Facts: quality.Facts{Complaints: 2, Facts: 1}}}, false, "complaints 2, facts 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := tt.verification
			v.OK = v.Complete()
			var out strings.Builder
			if err := v.print(&out, false); err != nil {
				t.Fatal(err)
			}
			if v.OK != tt.exact || !strings.Contains(out.String(), tt.says) {
				t.Errorf("exact is %v, want %v; printed\n%s", v.OK, tt.exact, out.String())
			}
			if told := strings.Contains(out.String(), "every message is stored once"); told != tt.exact {
				t.Errorf("says that all is stored once: %v", told)
			}
		})
	}
}
