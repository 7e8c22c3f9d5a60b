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
		return &ingest.AssistRequested{Department: oneOf(g, genDepartments), DueAt: h.promised(), Item: "核对"}
	case ingest.KindAssistDone:
		return &ingest.AssistDone{Department: oneOf(g, genDepartments)}
	default:
		return &ingest.Reasoned{Reason: oneOf(g, []string{"customer", "supplier", "other", "", "low_score"})}
	}
}

// promised is a date that somebody named, or none.
func (h *history) promised() *time.Time {
	if h.g.chance(35) {
		return nil
	}
	at := h.at + h.g.step()
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

// again repeats a matter about 30 days after it was settled, or very soon on another channel.
func (h *history) again(m matter) {
	h.at = m.resolved + 30*day + instant(h.g.IntN(3)-1)
	if h.g.chance(50) {
		h.at = m.resolved + h.g.step() + instant(h.g.IntN(2))
	}
	first := h.g.registered(m.customer)
	h.place(first)
	if h.g.chance(85) {
		first.Category, first.Product = m.category, m.product
	}
	if h.g.chance(40) {
		first.Channel = m.channel
	}
	h.add(ingest.KindRegistered, oneOf(h.g, genRoles), first)
	h.carryOn(first, m.customer)
}

func (h *history) carryOn(first *ingest.Registered, c ingest.Customer) {
	g := h.g
	for r := range 1 + g.IntN(3)*g.IntN(2) {
		if r > 0 {
			h.at += g.step()
			h.add(ingest.KindReopened, "agent", h.data(ingest.KindReopened))
		}
		h.treat(r == 0)
		if g.chance(10) {
			return
		}
		h.at += g.step()
		h.finish()
		if first.Category != "" {
			g.kept = append(g.kept, matter{h.at, c, first.Category, first.Product, first.Channel})
		}
		h.after()
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
	}
}

// aside is something that may happen at any moment of a treatment.
func (h *history) aside() {
	kinds := []ingest.Kind{
		ingest.KindPaused, ingest.KindPaused, ingest.KindResumed, ingest.KindResumed, ingest.KindTransferred, ingest.KindTransferred,
		ingest.KindCorrected, ingest.KindEscalated, ingest.KindAssistRequested, ingest.KindAssistRequested, ingest.KindAssistDone,
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
