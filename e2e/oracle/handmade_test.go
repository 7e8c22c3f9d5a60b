package oracle

import (
	"fmt"
	"time"

	"wenguo/ingest"
)

// handmade are histories that once told two readings of a rule apart and that chance brings about too seldom.
// Nearly all happen on one day, at the minutes told, in the order of their letters.
func handmade() []ingest.Event {
	g := &generator{}
	base := handmadeFrom
	tell := func(name string, steps ...step) {
		for i, s := range steps {
			h := &history{g: g, id: "H-" + name, used: map[string]bool{}}
			at := base + s.minute*minute
			switch d := s.data.(type) {
			case nil:
				s.data = s.kind.NewData()
				if assigned, ok := s.data.(*ingest.Assigned); ok {
					assigned.Department = "技术部"
				}
			case *ingest.Registered:
				own := *d
				own.Customer.Region = h.id
				s.data = &own
			}
			h.write(fmt.Sprintf("%c", 'a'+i), at, s.kind, s.role, s.data)
		}
	}
	first := step{0, "registered", "system", &ingest.Registered{Channel: "web", Title: "标题", Category: "账务", Priority: "high"}}
	out := &ingest.Contacted{Direction: "out"}

	tell("a reply of the second round in the millisecond in which the first ended",
		first, step{20, "rejected", "bot", nil}, step{20, "reopened", "bot", nil}, step{20, "contacted", "agent", out})
	tell("a reply after the end in the millisecond of the end",
		first, step{20, "withdrawn", "customer", nil}, step{20, "contacted", "agent", out})
	tell("a dispatch of the second round in the millisecond in which the first ended",
		first, step{5, "rejected", "bot", nil}, step{5, "reopened", "bot", nil}, step{5, "dispatched", "agent", nil})
	tell("an offer in the millisecond of the reopening, before it",
		first, step{5, "resolved", "agent", nil}, step{9, "surveyed", "agent", nil}, step{9, "reopened", "agent", nil})
	tell("an offer in the millisecond of the reopening, after it",
		first, step{5, "resolved", "agent", nil}, step{9, "reopened", "agent", nil}, step{9, "surveyed", "agent", nil}, step{30, "resolved", "agent", nil})
	tell("resolved before the registration and paused without end",
		step{-5, "resolved", "agent", nil}, first, step{8, "paused", "agent", nil})
	tell("withdrawn at the due instant of the dispatch",
		first, step{10, "withdrawn", "customer", nil})
	tell("confirmed before it was dispatched in the same millisecond",
		first, step{3, "confirmed", "agent", nil}, step{3, "dispatched", "agent", nil})
	tell("dispatched and confirmed after the end in the millisecond of the end",
		first, step{3, "resolved", "agent", nil}, step{3, "dispatched", "agent", nil},
		step{3, "confirmed", "agent", nil})
	tell("done before it was asked for in the same millisecond",
		first, step{4, "assist_done", "department", &ingest.AssistDone{Department: "财务部"}},
		step{4, "assist_requested", "agent", &ingest.AssistRequested{Department: "财务部"}})
	named := func(minutes instant) *time.Time {
		at := time.UnixMilli(base + minutes*minute).UTC()
		return &at
	}
	plan := func(minutes instant) *ingest.Plan { return &ingest.Plan{DueAt: named(minutes)} }
	tell("an offer of the very instant of the reopening, told later",
		first, step{5, "resolved", "agent", nil}, step{9, "reopened", "agent", nil},
		step{12, "surveyed", "agent", &ingest.Surveyed{OfferedAt: named(9)}}, step{30, "resolved", "agent", nil})
	tell("a promise replaced at its very instant",
		first, step{1, "plan_proposed", "agent", plan(10)}, step{10, "plan_proposed", "agent", plan(30)}, step{20, "resolved", "agent", nil})
	tell("a promise that ran out and is repeated",
		first, step{1, "plan_proposed", "agent", plan(10)}, step{11, "plan_proposed", "agent", plan(30)}, step{20, "resolved", "agent", nil})
	tell("withdrawn at the instant that was promised",
		first, step{1, "plan_proposed", "agent", plan(10)}, step{10, "withdrawn", "customer", nil})
	two := 2.0
	tell("dissatisfied and reopened while it is open",
		first, step{5, "surveyed", "agent", &ingest.Surveyed{Answered: true, Score: &two}}, step{8, "reopened", "agent", nil})
	gold := step{0, "registered", "system", &ingest.Registered{
		Channel: "web", Title: "标题", Customer: ingest.Customer{Tier: "gold"}, Product: "会员中心",
	}}
	base = changeOfPolicy
	tell("registered when the policy changed", gold, step{12, "dispatched", "agent", nil}, step{40, "acknowledged", "agent", nil})
	base = changeOfPolicy - 1
	tell("registered a millisecond before the policy changed", gold, step{12, "dispatched", "agent", nil}, step{40, "acknowledged", "agent", nil})
	return g.out
}

// handmadeFrom is when they begin.
var handmadeFrom = local("2026-11-20T10:00:00")

// step is one event of a handmade history.
type step struct {
	minute instant
	kind   ingest.Kind
	role   ingest.Role
	data   any
}
