package oracle

import (
	"time"

	"wenguo/ingest"
)

// data makes the data of a kind, with every value that a rule asks for.
func (h *history) data(kind ingest.Kind) any {
	g := h.g
	switch kind {
	case ingest.KindRegistered:
		return g.registered(oneOf(g, g.people))
	case ingest.KindClassified:
		return &ingest.Classified{Category: oneOf(g, genCategories), Priority: oneOf(g, genPriorities), Level: oneOf(g, genLevels)}
	case ingest.KindAcknowledged:
		return &ingest.Acknowledged{Channel: "phone", Internal: g.chance(15)}
	case ingest.KindDispatched:
		d := &ingest.Assigned{Department: oneOf(g, genDepartments), Owner: oneOf(g, genOwners)}
		if g.chance(15) {
			d.ToOwner = oneOf(g, genOwners)
		}
		return d
	case ingest.KindConfirmed:
		return &ingest.Assigned{Department: oneOf(g, genDepartments), Owner: oneOf(g, genOwners)}
	case ingest.KindTransferred:
		d := &ingest.Transferred{To: oneOf(g, genDepartments), ToOwner: oneOf(g, genOwners), Reason: oneOf(g, genReasons)}
		if g.chance(40) {
			d.From = oneOf(g, genDepartments)
		}
		return d
	case ingest.KindInvestigated:
		valid := g.chance(70)
		return &ingest.Investigated{Valid: &valid, CauseGroup: oneOf(g, genCauses), Level: oneOf(g, genLevels)}
	case ingest.KindPlanProposed, ingest.KindPlanAccepted, ingest.KindPlanRejected:
		return &ingest.Plan{Measures: "退款", DueAt: h.promised()}
	case ingest.KindContacted:
		return &ingest.Contacted{Direction: oneOf(g, []string{"in", "out", "out", "", "both"})}
	case ingest.KindEscalated:
		return &ingest.Escalated{Level: oneOf(g, genLevels), Reason: "催办"}
	case ingest.KindResolved:
		return &ingest.Resolved{Outcome: "ok", FirstContact: g.chance(30), BySelfService: g.chance(15)}
	case ingest.KindVerified:
		accepted := g.chance(60)
		return &ingest.Verified{Accepted: &accepted}
	case ingest.KindSurveyed:
		return h.survey()
	}
	return h.moreData(kind)
}

func (h *history) moreData(kind ingest.Kind) any {
	g := h.g
	switch kind {
	case ingest.KindMerged:
		return &ingest.Merged{Into: "C-0000"}
	case ingest.KindCorrected:
		return h.correction()
	case ingest.KindAssistRequested:
		return &ingest.AssistRequested{Department: oneOf(g, append(genDepartments[:2:2], "")), DueAt: h.promised(), Item: "核对"}
	case ingest.KindAssistDone:
		return &ingest.AssistDone{Department: oneOf(g, append(genDepartments[:2:2], ""))}
	default:
		return &ingest.Reasoned{Reason: oneOf(g, []string{"customer", "supplier", "other", "", "low_score"})}
	}
}

// promised is a date that somebody named, or none.
func (h *history) promised() *time.Time {
	if h.g.chance(35) {
		return nil
	}
	at := h.at + h.g.step() + h.g.step()*instant(h.g.IntN(3))
	if h.g.chance(10) {
		at = h.at - h.g.step()
	}
	due := time.UnixMilli(at).UTC()
	return &due
}

func (h *history) survey() *ingest.Surveyed {
	g := h.g
	d := &ingest.Surveyed{Answered: g.chance(40), Channel: "sms"}
	if g.chance(50) {
		score := oneOf(g, genScores)
		d.Score = &score
	}
	if g.chance(40) {
		offered := time.UnixMilli(h.at - g.step()*instant(g.IntN(2))).UTC()
		if g.chance(15) {
			offered = time.UnixMilli(h.at + g.step()).UTC()
		}
		d.OfferedAt = &offered
	}
	return d
}

func (h *history) correction() *ingest.Corrected {
	g, d := h.g, &ingest.Corrected{Reason: "更正"}
	switch g.IntN(5) {
	case 0:
		d.Fields.Category = oneOf(g, genCategories)
	case 1:
		d.Fields.Priority = oneOf(g, genPriorities)
	case 2:
		d.Fields.Product, d.Fields.Level = oneOf(g, genProducts), oneOf(g, genLevels)
	case 3:
		d.Fields.Channel, d.Fields.Customer = oneOf(g, genChannels), ingest.Customer{Tier: oneOf(g, genTiers)}
		if g.chance(10) {
			d.Fields.Customer.Region = oneOf(g, genRegions)
		}
	case 4:
		d.Fields.Customer = oneOf(g, g.people)
		d.Fields.Customer.Region = ""
	}
	return d
}

// anything adds one event of any kind by anybody.
func (h *history) anything() {
	kind := oneOf(h.g, ingest.Kinds).Kind
	if kind == ingest.KindErased && h.g.chance(80) {
		kind = ingest.KindReopened
	}
	h.add(kind, oneOf(h.g, genRoles), h.data(kind))
}

// wild is a history in which anything follows anything, within a few instants.
func (h *history) wild() {
	base := h.g.start(true)
	instants := []instant{base}
	for range 2 + h.g.IntN(9) {
		instants = append(instants, instants[h.g.IntN(len(instants))]+h.g.step())
	}
	if !h.g.chance(3) {
		h.at = oneOf(h.g, instants)
		if h.g.chance(60) {
			h.at = base
		}
		first := h.g.registered(oneOf(h.g, h.g.people))
		h.place(first)
		h.add(ingest.KindRegistered, oneOf(h.g, genRoles), first)
	}
	for range 2 + h.g.IntN(22) {
		h.at = oneOf(h.g, instants)
		h.anything()
	}
}

// ordinary is a history as it would happen, with a few things that should not.
func (h *history) ordinary() {
	h.at = h.g.start(false)
	c := oneOf(h.g, h.g.people)
	first := h.g.registered(c)
	h.place(first)
	h.add(ingest.KindRegistered, oneOf(h.g, genRoles), first)
	h.carryOn(first, c)
}

// plain is a history of few events that lie exactly a telling length apart, often without any human.
func (h *history) plain() {
	g := h.g
	h.at = g.start(false)
	registered, c := h.at, oneOf(g, g.people)
	first := g.registered(c)
	h.place(first)
	roles := genRoles
	if g.chance(60) {
		roles = []ingest.Role{"bot", "system", "customer", ""}
	}
	h.add(ingest.KindRegistered, oneOf(g, roles), first)
	if g.chance(60) {
		h.at = registered + oneOf(g, genSteps[:20]) + instant(g.IntN(3)-1)*instant(g.IntN(2))
		h.add(oneOf(g, []ingest.Kind{"acknowledged", "dispatched", "contacted", "withdrawn"}), oneOf(g, roles), nil)
	}
	h.at = max(h.at, registered+oneOf(g, genSteps)+instant(g.IntN(3)-1)*instant(g.IntN(2)))
	h.add(ingest.KindResolved, oneOf(g, roles), &ingest.Resolved{BySelfService: g.chance(40)})
	g.keep(matter{registered, h.at, none, c, first.Category, first.Product, first.Channel})
	h.after()
}

// again repeats a matter at the edges of the rule: 30 days after it was settled, at the very end or reopening of it, or
// a day after it was registered.
func (h *history) again(m matter) {
	g := h.g
	near := oneOf(g, []instant{-1, 0, 0, 1})
	choice := g.IntN(8)
	switch {
	case choice < 3:
		h.at = m.resolved + 30*day + near
	case choice < 5 && m.resolved < m.registered+day:
		h.at = m.registered + day + near
	case choice == 5:
		h.at = m.resolved + near
		if m.reopened != none {
			h.at = m.reopened + near
		}
	default:
		h.at = m.resolved + g.step() + instant(g.IntN(2))
	}
	first := g.registered(m.customer)
	h.place(first)
	if g.chance(85) {
		first.Category, first.Product = m.category, m.product
	}
	if g.chance(40) {
		first.Channel = m.channel
	}
	h.add(ingest.KindRegistered, oneOf(g, genRoles), first)
	h.carryOn(first, m.customer)
}

func (h *history) carryOn(first *ingest.Registered, c ingest.Customer) {
	g := h.g
	registered := h.at
	for r := range 1 + g.IntN(3)*g.IntN(2) {
		if r > 0 {
			if g.chance(10) {
				h.at += 30*day + instant(g.IntN(3)-1)
			} else {
				h.at += g.step()
			}
			h.add(ingest.KindReopened, "agent", h.data(ingest.KindReopened))
			if len(g.kept) > 0 && g.chance(50) {
				g.kept[len(g.kept)-1].reopened = h.at
			}
		}
		h.treat(r == 0)
		if g.chance(10) {
			return
		}
		h.at += g.step()
		h.finish()
		g.keep(matter{registered, h.at, none, c, first.Category, first.Product, first.Channel})
		h.after()
	}
	if g.chance(8) {
		h.addAt(h.at+instant(g.Int64N(90*day)), ingest.KindErased, "system", nil)
	}
}

// treat takes a complaint through the departments.
func (h *history) treat(first bool) {
	g := h.g
	steps := []ingest.Kind{
		ingest.KindAcknowledged, ingest.KindClassified, ingest.KindDispatched, ingest.KindConfirmed, ingest.KindInvestigated,
		ingest.KindPlanProposed, ingest.KindContacted,
	}
	likely := []int{85, 40, 80, 75, 50, 65, 30}
	for i, kind := range steps {
		if !g.chance(likely[i]) || !first && i < 2 {
			continue
		}
		h.at += g.step()
		role := ingest.Role("agent")
		if g.chance(25) {
			role = oneOf(g, genRoles)
		}
		h.add(kind, role, h.data(kind))
		for g.chance(30) {
			h.at += g.step()
			h.aside()
		}
		if g.chance(15) {
			h.between(ingest.KindPaused, nil, ingest.KindResumed, nil)
		}
		if g.chance(10) {
			department := oneOf(g, genDepartments[:2])
			asked := &ingest.AssistRequested{Department: department, DueAt: h.promised()}
			h.between(ingest.KindAssistRequested, asked, ingest.KindAssistDone, &ingest.AssistDone{Department: department})
		}
	}
}

// between is something that lasts for a while.
func (h *history) between(from ingest.Kind, begin any, to ingest.Kind, end any) {
	h.at += h.g.step()
	h.add(from, "agent", begin)
	h.at += h.g.step()
	h.add(to, "agent", end)
}

// aside is something that may happen at any moment of a treatment.
func (h *history) aside() {
	kinds := []ingest.Kind{
		ingest.KindPaused, ingest.KindPaused, ingest.KindResumed, ingest.KindResumed, ingest.KindTransferred, ingest.KindTransferred,
		ingest.KindCorrected, ingest.KindEscalated, ingest.KindAssistRequested, ingest.KindAssistRequested,
		ingest.KindAssistDone, ingest.KindAssistDone, ingest.KindAssistDone,
		ingest.KindContacted, ingest.KindPlanProposed, ingest.KindDispatched,
	}
	kind := oneOf(h.g, kinds)
	h.add(kind, oneOf(h.g, genRoles), h.data(kind))
}

// finish ends a complaint in one way or another.
func (h *history) finish() {
	kind := oneOf(h.g, []ingest.Kind{
		ingest.KindResolved, ingest.KindResolved, ingest.KindResolved, ingest.KindResolved, ingest.KindResolved, ingest.KindResolved,
		ingest.KindResolved, ingest.KindClosed, ingest.KindWithdrawn, ingest.KindRejected, ingest.KindMerged,
	})
	h.add(kind, oneOf(h.g, genRoles), h.data(kind))
}

// after is what follows an end.
func (h *history) after() {
	g := h.g
	for _, kind := range []ingest.Kind{ingest.KindSurveyed, ingest.KindSurveyed, ingest.KindVerified, ingest.KindClosed} {
		if g.chance(45) {
			h.at += g.step()
			h.add(kind, oneOf(g, genRoles), h.data(kind))
		}
	}
	if g.chance(8) {
		h.at += g.step()
		h.anything()
	}
}
