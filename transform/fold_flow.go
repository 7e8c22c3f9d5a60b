package transform

import (
	"wenguo/ingest"
)

// flow follows the complaint through the departments, and the customer's plans and verifications beside it.
func (f *folder) flow() {
	var dispatched, resolved, surveyed bool
	held := map[string]bool{}
	heldIn := 0
	for i := f.reg + 1; i < len(f.events); i++ {
		e := f.events[i]
		if r := f.roundOf[i]; r != heldIn {
			heldIn = r
			clear(held)
		}
		switch d := e.Data.(type) {
		case *ingest.Assigned:
			held[d.Department] = true
			if e.Kind == ingest.KindDispatched && !dispatched {
				dispatched = true
				f.c.Flow.FirstDispatchedAt = e.OccurredAt
			}
		case *ingest.Transferred:
			f.transfer(i, d, held, dispatched)
		case *ingest.Escalated:
			f.c.Escalations = append(f.c.Escalations, e.OccurredAt)
		case *ingest.Verified:
			f.c.Verifications = append(f.c.Verifications, Verification{At: e.OccurredAt, Accepted: d.Accepted != nil && *d.Accepted})
		case *ingest.Resolved:
			resolved = true
		case *ingest.Surveyed:
			surveyed = true
		}
	}
	f.c.Flow.AllSteps = dispatched && resolved && surveyed
	f.c.Flow.SelfService = f.selfService()
	f.promises()
}

// transfer notes a transfer and what it says about the flow. The sender is its from, else the last department.
func (f *folder) transfer(i int, d *ingest.Transferred, held map[string]bool, dispatched bool) {
	from := d.From
	if from == "" {
		from = f.departments[i]
	}
	t := Transfer{
		At: f.events[i].OccurredAt, Round: f.roundOf[i] + 1, From: from, To: d.To, ToOwner: d.ToOwner,
		Reason: ingest.Normal(d.Reason, ingest.TransferReason), AfterDispatch: dispatched,
		Bounce: d.Reason == "bounce" || d.To != from && held[d.To],
	}
	if from != "" {
		held[from] = true
	}
	held[d.To] = true
	f.c.Transfers = append(f.c.Transfers, t)
	f.c.Flow.Bounced = f.c.Flow.Bounced || t.Bounce
	f.c.Flow.Deviated = f.c.Flow.Deviated || dispatched && d.Reason == "routing" && d.To != from
}

// selfService says whether the standing resolution needed no human, from the registration on.
func (f *folder) selfService() bool {
	last := f.rounds[len(f.rounds)-1]
	if last.end < 0 || f.lastRound().EndedAs != Resolved {
		return false
	}
	for _, e := range f.events[f.reg : last.end+1] {
		if e.Actor.Role.Human() {
			return false
		}
	}
	r := f.lastRound()
	return r.EndedBy == ingest.RoleBot || r.EndedBy == ingest.RoleSystem || r.SelfService
}

// promises finds the date promised in each round: that of the last plan made before the earlier promise ran out.
func (f *folder) promises() {
	for n, r := range f.rounds {
		var p Promise
		for i := max(r.from, f.reg+1); i < r.next && r.openAt(i); i++ {
			e := f.events[i]
			d, ok := e.Data.(*ingest.Plan)
			if !ok || e.Kind != ingest.KindPlanProposed || d.DueAt == nil {
				continue
			}
			if p.Round == 0 || !e.OccurredAt.After(p.Due) {
				p = Promise{Round: n + 1, MadeAt: e.OccurredAt, Due: d.DueAt.UTC()}
			}
		}
		if p.Round == 0 {
			continue
		}
		switch end := f.c.Rounds[n]; {
		case end.EndedAs == Resolved:
			p.KeptAt = end.EndedAt
		case !end.EndedAt.IsZero():
			p.Cancelled = !end.EndedAt.After(p.Due)
		}
		f.c.Promises = append(f.c.Promises, p)
	}
}
