package transform_test

import (
	"fmt"
	"testing"
	"time"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

// monday is 2026-11-16 09:00 in Shanghai, the first working minute of an ordinary week; stories count from it.
var monday = time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC)

// story is the events of one complaint, in the order in which they reach the bus.
type story []ingest.Stored

// on adds an event so long after monday.
func (s story) on(after time.Duration, kind ingest.Kind, role ingest.Role, data any) story {
	n := len(s)
	if data == nil {
		data = kind.NewData()
	}
	return append(s, ingest.Stored{
		Event: ingest.Event{
			EventID: fmt.Sprintf("e%02d", n), ComplaintID: "c", Kind: kind, OccurredAt: monday.Add(after),
			Actor: ingest.Actor{Role: role}, Data: data,
		},
		Position: ingest.Position{Offset: int64(n), BusTime: monday.Add(after + time.Second)},
	})
}

// begin registers a complaint of normal priority on monday.
func beginStory() story {
	return story{}.on(0, ingest.KindRegistered, ingest.RoleCustomer, &ingest.Registered{
		Channel: "web", Title: "t", Category: "物流/延误", Priority: "normal", Customer: ingest.Customer{ID: "u1", Phone: "+86 138-0000-0000", Name: "李某某"},
	})
}

func (s story) to(department string, after time.Duration, kind ingest.Kind) story {
	return s.on(after, kind, ingest.RoleAgent, &ingest.Assigned{Department: department})
}

func (s story) pass(after time.Duration, from, to, reason string) story {
	return s.on(after, ingest.KindTransferred, ingest.RoleDepartment, &ingest.Transferred{From: from, To: to, Reason: reason})
}

func (s story) does(after time.Duration, kind ingest.Kind, role ingest.Role) story {
	return s.on(after, kind, role, nil)
}

func (s story) fold(t *testing.T) transform.Complaint {
	t.Helper()
	c, _ := transform.Fold(s, rules(t))
	return c
}

func clockOf(t *testing.T, c transform.Complaint, stage sla.Stage, round int) sla.Clock {
	t.Helper()
	for _, clock := range c.Clocks {
		if clock.Stage == stage && clock.Round == round {
			return clock
		}
	}
	t.Fatalf("no %s clock in round %d", stage, round)
	return sla.Clock{}
}

func noClock(t *testing.T, c transform.Complaint, stage sla.Stage, round int) {
	t.Helper()
	for _, clock := range c.Clocks {
		if clock.Stage == stage && clock.Round == round {
			t.Errorf("%s runs in round %d", stage, round)
		}
	}
}

// equal compares what a rule decides.
func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

const (
	agent  = ingest.RoleAgent
	office = ingest.RoleDepartment
	bot    = ingest.RoleBot
)

func at(d time.Duration) time.Time { return monday.Add(d) }

func contact(direction string) *ingest.Contacted { return &ingest.Contacted{Direction: direction} }
