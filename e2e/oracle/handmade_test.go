package oracle

import (
	"fmt"
	"time"

	"wenguo/ingest"
)

// handmadeFrom is when the handmade histories begin.
var handmadeFrom = local("2026-11-20T10:00:00")

// storyteller writes histories by hand: nearly all on one day, at the minutes told, in the order of their letters.
type storyteller struct {
	g    generator
	base instant
}

// step is one event of a handmade history; without data it carries the least that its kind requires.
type step struct {
	minute instant
	kind   ingest.Kind
	role   ingest.Role
	data   any
}

// opening is the registration that most handmade histories begin with.
var opening = step{0, "registered", "system", &ingest.Registered{Channel: "web", Title: "标题", Category: "账务", Priority: "high"}}

// handmade are histories that tell two readings of a rule apart and that chance brings about too seldom.
func handmade() []ingest.Event {
	s := &storyteller{base: handmadeFrom}
	s.ties()
	s.promises()
	s.repeats()
	s.policies()
	return s.g.out
}

func (s *storyteller) tell(name string, steps ...step) {
	for i, step := range steps {
		h := &history{g: &s.g, id: "H-" + name}
		switch d := step.data.(type) {
		case nil:
			step.data = step.kind.NewData()
			if assigned, ok := step.data.(*ingest.Assigned); ok {
				assigned.Department = "技术部"
			}
		case *ingest.Registered:
			own := *d
			own.Customer.Region = h.id
			step.data = &own
		}
		h.write(fmt.Sprintf("%c", 'a'+i), s.base+step.minute*minute, step.kind, step.role, step.data)
	}
}

// at is an instant that somebody named.
func (s *storyteller) at(minutes instant) *time.Time {
	named := time.UnixMilli(s.base + minutes*minute).UTC()
	return &named
}

func (s *storyteller) ties() {
	out, two := &ingest.Contacted{Direction: "out"}, 2.0
	s.tell("a reply of the second round in the millisecond in which the first ended",
		opening, step{20, "rejected", "bot", nil}, step{20, "reopened", "bot", nil}, step{20, "contacted", "agent", out})
	s.tell("a reply after the end in the millisecond of the end",
		opening, step{20, "withdrawn", "customer", nil}, step{20, "contacted", "agent", out})
	s.tell("a dispatch of the second round in the millisecond in which the first ended",
		opening, step{5, "rejected", "bot", nil}, step{5, "reopened", "bot", nil}, step{5, "dispatched", "agent", nil})
	s.tell("an offer in the millisecond of the reopening, before it",
		opening, step{5, "resolved", "agent", nil}, step{9, "surveyed", "agent", nil}, step{9, "reopened", "agent", nil})
	s.tell("an offer in the millisecond of the reopening, after it",
		opening, step{5, "resolved", "agent", nil}, step{9, "reopened", "agent", nil}, step{9, "surveyed", "agent", nil},
		step{30, "resolved", "agent", nil})
	s.tell("an offer of the very instant of the reopening, told later",
		opening, step{5, "resolved", "agent", nil}, step{9, "reopened", "agent", nil},
		step{12, "surveyed", "agent", &ingest.Surveyed{OfferedAt: s.at(9)}}, step{30, "resolved", "agent", nil})
	s.tell("one offer told on both sides of the reopening",
		opening, step{5, "resolved", "agent", nil}, step{9, "surveyed", "agent", nil}, step{9, "reopened", "agent", nil},
		step{9, "surveyed", "agent", nil}, step{30, "resolved", "agent", nil})
	s.tell("resolved before the registration and paused without end",
		step{-5, "resolved", "agent", nil}, opening, step{8, "paused", "agent", nil})
	s.tell("withdrawn at the due instant of the dispatch", opening, step{10, "withdrawn", "customer", nil})
	s.tell("confirmed before it was dispatched in the same millisecond",
		opening, step{3, "confirmed", "agent", nil}, step{3, "dispatched", "agent", nil})
	s.tell("dispatched and confirmed after the end in the millisecond of the end",
		opening, step{3, "resolved", "agent", nil}, step{3, "dispatched", "agent", nil}, step{3, "confirmed", "agent", nil})
	s.tell("done before it was asked for in the same millisecond",
		opening, step{4, "assist_done", "department", nil}, step{4, "assist_requested", "agent", nil})
	s.tell("dissatisfied and reopened while it is open",
		opening, step{5, "surveyed", "agent", &ingest.Surveyed{Answered: true, Score: &two}}, step{8, "reopened", "agent", nil})
}

func (s *storyteller) promises() {
	plan := func(at, due instant) step {
		return step{at, "plan_proposed", "agent", &ingest.Plan{DueAt: s.at(due)}}
	}
	s.tell("a promise replaced at its very instant", opening, plan(1, 10), plan(10, 30), step{20, "resolved", "agent", nil})
	s.tell("a promise that ran out and is repeated", opening, plan(1, 10), plan(11, 30), step{20, "resolved", "agent", nil})
	s.tell("withdrawn at the instant that was promised", opening, plan(1, 10), step{10, "withdrawn", "customer", nil})
}

func (s *storyteller) repeats() {
	by := func(minute instant, customer, channel string) step {
		return step{minute, "registered", "customer", &ingest.Registered{
			Channel: channel, Title: "标题", Category: "账务", Customer: ingest.Customer{ID: customer},
		}}
	}
	resolved := step{5, "resolved", "agent", nil}
	s.tell("settled before it is told again on another unknown channel", by(0, "h-1", "telegram"), resolved)
	s.tell("told again on another unknown channel", by(10, "h-1", "pager"))
	s.tell("settled before it is told again on another channel", by(0, "h-2", "phone"), resolved)
	s.tell("told again on another channel", by(10, "h-2", "web"))
	s.tell("reopened when it is told again", by(0, "h-3", "web"), resolved, step{10, "reopened", "agent", nil})
	s.tell("told again in the millisecond of the reopening", by(10, "h-3", "web"))
	s.tell("settled when it is told again", by(0, "h-4", "web"), step{10, "resolved", "agent", nil})
	s.tell("told again in the millisecond of the settlement", by(10, "h-4", "web"))
}

func (s *storyteller) policies() {
	gold := step{0, "registered", "system", &ingest.Registered{
		Channel: "web", Title: "标题", Customer: ingest.Customer{Tier: "gold"}, Product: "会员中心",
	}}
	s.base = changeOfPolicy
	s.tell("registered when the policy changed", gold, step{12, "dispatched", "agent", nil}, step{40, "acknowledged", "agent", nil})
	s.base = changeOfPolicy - 1
	s.tell("registered a millisecond before the policy changed",
		gold, step{12, "dispatched", "agent", nil}, step{40, "acknowledged", "agent", nil})
}
