package oracle

import (
	"fmt"

	"wenguo/ingest"
)

// handmade are histories that once told two readings of a rule apart and that chance brings about too seldom.
// They all happen on one day, an instant a minute, in the order of their letters.
func handmade() []ingest.Event {
	g := &generator{}
	day := local("2026-11-20T10:00:00")
	tell := func(name string, steps ...step) {
		for i, s := range steps {
			h := &history{g: g, id: "H-" + name, used: map[string]bool{}}
			at := day + s.minute*minute
			switch d := s.data.(type) {
			case nil:
				s.data = s.kind.NewData()
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
		first, step{5, "rejected", "bot", nil}, step{5, "reopened", "bot", nil}, step{5, "dispatched", "agent", &ingest.Assigned{Department: "技术部"}})
	tell("an offer in the millisecond of the reopening, before it",
		first, step{5, "resolved", "agent", nil}, step{9, "surveyed", "agent", nil}, step{9, "reopened", "agent", nil})
	tell("an offer in the millisecond of the reopening, after it",
		first, step{5, "resolved", "agent", nil}, step{9, "reopened", "agent", nil}, step{9, "surveyed", "agent", nil}, step{30, "resolved", "agent", nil})
	tell("resolved before the registration and paused without end",
		step{-5, "resolved", "agent", nil}, first, step{8, "paused", "agent", nil})
	tell("withdrawn at the due instant of the dispatch",
		first, step{10, "withdrawn", "customer", nil})
	tell("confirmed before it was dispatched in the same millisecond",
		first, step{3, "confirmed", "agent", &ingest.Assigned{Department: "技术部"}}, step{3, "dispatched", "agent", &ingest.Assigned{Department: "技术部"}})
	tell("dispatched and confirmed after the end in the millisecond of the end",
		first, step{3, "resolved", "agent", nil}, step{3, "dispatched", "agent", &ingest.Assigned{Department: "技术部"}},
		step{3, "confirmed", "agent", &ingest.Assigned{Department: "技术部"}})
	tell("done before it was asked for in the same millisecond",
		first, step{4, "assist_done", "department", &ingest.AssistDone{Department: "财务部"}},
		step{4, "assist_requested", "agent", &ingest.AssistRequested{Department: "财务部"}})
	return g.out
}

// step is one event of a handmade history.
type step struct {
	minute instant
	kind   ingest.Kind
	role   ingest.Role
	data   any
}
