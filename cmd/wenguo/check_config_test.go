package main

import (
	"strings"
	"testing"
	"time"
)

func TestCheckWarnsOfACalendarThatEnds(t *testing.T) {
	_, policy, err := policyText("")
	if err != nil {
		t.Fatal(err)
	}
	for sentence, tt := range map[string]struct {
		now     string
		warning bool
		want    []string
	}{
		"sixty-one days before there is nothing to say": {now: "2026-11-01T00:00:00+08:00", want: []string{"working-hours until 2026-12-31"}},
		"sixty days before it warns": {
			now: "2026-11-02T00:00:01+08:00", warning: true,
			want: []string{"working-hours", "end on 2026-12-31, in 59 days", "2027 are provisional", "years: [2027]"},
		},
		"on the last day it warns": {now: "2026-12-31T23:59:59+08:00", warning: true, want: []string{"in 0 days"}},
		"afterwards it says so":    {now: "2027-01-01T00:00:00+08:00", warning: true, want: []string{"known until 2026-12-31 only", "2027", "years: [2027]"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			var said, warned []string
			checkCalendars(policy, now, func(_, detail string) { said = append(said, detail) }, func(_, detail string) { warned = append(warned, detail) })
			lines := said
			if tt.warning {
				lines = warned
			}
			if len(warned) > 1 || tt.warning != (len(warned) == 1) {
				t.Errorf("warned %q", warned)
			}
			for _, want := range tt.want {
				if !strings.Contains(strings.Join(lines, "\n"), want) {
					t.Errorf("%q does not say %q", lines, want)
				}
			}
		})
	}
}
