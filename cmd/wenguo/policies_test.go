package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform/sla"
	"wenguo/warehouse"
)

// march is midnight UTC of a day of March 2026.
func march(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }

// variant is the shipped policy with another first line.
func variant(line string) string { return "# " + line + "\n" + string(sla.DefaultPolicy()) }

func TestPoliciesOfTheFolderAndOfTheDecisionsBecomeOneHistory(t *testing.T) {
	tests := map[string]struct {
		kept, decided []warehouse.AppliedPolicy
		// want are the instants of the history; told are those that must be announced.
		want, told []time.Time
	}{
		"a first start has nothing to restore": {},
		"what only the folder knows is announced": {
			kept: []warehouse.AppliedPolicy{{From: march(1), Content: variant("a")}, {From: march(5), Content: variant("b")}},
			want: []time.Time{march(1), march(5)}, told: []time.Time{march(1), march(5)},
		},
		"a lost folder is restored": {
			decided: []warehouse.AppliedPolicy{{From: march(1), Content: variant("a")}, {From: march(5), Content: variant("b")}},
			want:    []time.Time{march(1), march(5)},
		},
		"what both know is left alone": {
			kept:    []warehouse.AppliedPolicy{{From: march(1), Content: variant("a")}},
			decided: []warehouse.AppliedPolicy{{From: march(1), Content: variant("a")}},
			want:    []time.Time{march(1)},
		},
		"an older policy of another machine comes before": {
			kept:    []warehouse.AppliedPolicy{{From: march(3), Content: variant("c")}},
			decided: []warehouse.AppliedPolicy{{From: march(1), Content: variant("a")}},
			want:    []time.Time{march(1), march(3)}, told: []time.Time{march(3)},
		},
		"a decision that holds no policy is left out": {
			kept:    []warehouse.AppliedPolicy{{From: march(3), Content: variant("c")}},
			decided: []warehouse.AppliedPolicy{{From: march(1), Content: "rules: 7"}},
			want:    []time.Time{march(3)}, told: []time.Time{march(3)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "policies")
			for i, k := range tt.kept {
				if err := keepPolicy(dir, i+1, k.From, []byte(k.Content)); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // a second start finds nothing more to restore
				if err := restorePolicies(dir, tt.decided, slog.New(slog.DiscardHandler)); err != nil {
					t.Fatal(err)
				}
			}
			names, history, err := readHistory(dir)
			if err != nil {
				t.Fatal(err)
			}
			all := slices.Concat(tt.kept, tt.decided)
			var got []time.Time
			for i, h := range history {
				got = append(got, h.From)
				content, err := os.ReadFile(names[i])
				if err != nil {
					t.Fatal(err)
				}
				same := func(a warehouse.AppliedPolicy) bool { return a.From.Equal(h.From) && a.Content == string(content) }
				if !slices.ContainsFunc(all, same) || h.Revision != uint32(i+1) {
					t.Errorf("revision %d at %s has a content of another policy", h.Revision, h.From)
				}
			}
			if !slices.EqualFunc(got, tt.want, time.Time.Equal) {
				t.Errorf("in force since %v, want %v", got, tt.want)
			}
			messages, err := unannounced(dir, tt.decided, march(9))
			if err != nil {
				t.Fatal(err)
			}
			again, err := unannounced(dir, tt.decided, march(10))
			if err != nil {
				t.Fatal(err)
			}
			var told []time.Time
			for i, m := range messages {
				event, err := ingest.DecodeDecision(m.Value)
				if err != nil {
					t.Fatal(err)
				}
				told = append(told, event.OccurredAt)
				if event.Kind != ingest.KindPolicyApplied || m.Key != string(event.Kind) || !bytes.Equal(m.Value, again[i].Value) {
					t.Errorf("%s of key %s is another decision at the next start", event.Kind, m.Key)
				}
			}
			if !slices.EqualFunc(told, tt.told, time.Time.Equal) {
				t.Errorf("announced %v, want %v", told, tt.told)
			}
		})
	}
}
