package main

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/simulate"
	"wenguo/transform/improve"
)

func TestTheDemosCommitteeHasActionsInEveryState(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	world, err := simulate.New(simulate.Config{Seed: demoSeed, Start: now.AddDate(0, -demoMonths, 0)})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, story := range demoStories {
		if !slices.Contains(world.Issues(), story.topic) {
			t.Errorf("the simulation has no issue %q", story.topic)
		}
		found[story.topic] = "i-" + story.topic
	}
	messages, err := demoDecisions(world, found, now)
	if err != nil {
		t.Fatal(err)
	}
	again, err := demoDecisions(world, found, now)
	if a, b := mustJSON(t, messages), mustJSON(t, again); err != nil || a != b {
		t.Errorf("decided again it decides otherwise: %v", err)
	}
	var stored []ingest.Stored
	answers := 0
	for i, m := range messages {
		event, err := ingest.DecodeDecision(m.Value)
		if err == nil {
			err = event.Validate(now)
		}
		if err != nil {
			t.Fatalf("%s: %v", m.Value, err)
		}
		if event.Kind == ingest.KindIssueAnswered {
			answers++
		}
		stored = append(stored, ingest.Stored{Event: event, Position: ingest.Position{Offset: int64(i)}})
	}
	states, overdue, reopened := map[improve.State]int{}, 0, 0
	for _, a := range improve.Actions(stored, now) {
		states[a.State]++
		reopened += a.Reopened
		if a.Overdue(now) {
			overdue++
		}
	}
	for _, state := range improve.States {
		if states[state] == 0 {
			t.Errorf("no action is %s: %v", state, states)
		}
	}
	if overdue == 0 || answers < 3 {
		t.Errorf("%d overdue, %d reopened, %d answers", overdue, reopened, answers)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
